import type { Span } from '../base/text'
import type { Problem } from '../core/problem'

/**
 * A YAML text as plain nodes with spans. Kinds that `yaml` knows and we do not need (comments, styles) are left out.
 * An alias is a node of its own, resolved on demand, so that alias bombs cost nothing.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap | YamlAlias

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly span: Span
  /** As the YAML 1.2 core schema reads it; the text of a quoted scalar is always a string. */
  readonly value: string | number | boolean | null
  /** The characters as written, quotes included. */
  readonly raw: string
  readonly quoted: boolean
}

export interface YamlList {
  readonly kind: 'list'
  readonly span: Span
  readonly items: readonly YamlNode[]
}

export interface YamlMap {
  readonly kind: 'map'
  readonly span: Span
  readonly entries: readonly YamlEntry[]
}

/** `value` is null where nothing stands after the colon. */
export interface YamlEntry {
  readonly key: YamlScalar
  readonly value: YamlNode | null
}

export interface YamlAlias {
  readonly kind: 'alias'
  readonly span: Span
  readonly name: string
}

/** A YAML text that was read once. */
export interface YamlFile {
  readonly text: string
  readonly root: YamlNode | null
  /** Syntax errors, with the span they concern. */
  readonly problems: readonly Problem[]
  /** The node that an alias stands for (followed through aliases, bounded); null when there is no such anchor. */
  resolve(node: YamlNode | null): Exclude<YamlNode, YamlAlias> | null
}
