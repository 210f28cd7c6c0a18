/** Half-open UTF-16 offsets, as everywhere; every node has them. */
interface At {
  readonly start: number
  readonly end: number
}

export type Expression =
  | Name
  | NumberLiteral
  | StringLiteral
  | FormatString
  | Singleton
  | Sequence
  | DictDisplay
  | Attribute
  | Subscript
  | SliceExpression
  | Call
  | Binary
  | Unary
  | BoolOp
  | Compare
  | Conditional
  | Lambda
  | Comprehension
  | Starred
  | Walrus
  | Await
  | Yield
  | Missing

export interface Name extends At {
  readonly kind: 'Name'
  readonly id: string
}
/** `value` is a bigint where a whole number is beyond 2^53; `float` tells 1.0 from 1. */
export interface NumberLiteral extends At {
  readonly kind: 'Number'
  readonly value: number | bigint
  readonly float: boolean
  readonly imaginary: boolean
}
export interface StringLiteral extends At {
  readonly kind: 'String'
  readonly value: string
  readonly bytes: boolean
}
export interface FormatString extends At {
  readonly kind: 'FormatString'
  readonly parts: readonly (string | FormatField)[]
}
export interface FormatField {
  readonly value: Expression
  /** `r`, `s`, `a`, or empty. */
  readonly conversion: string
  readonly spec: readonly (string | FormatField)[]
}
/** None, True, False, `...`. */
export interface Singleton extends At {
  readonly kind: 'Singleton'
  readonly value: null | boolean | 'Ellipsis'
}
export interface Sequence extends At {
  readonly kind: 'Tuple' | 'List' | 'Set'
  readonly items: readonly Expression[]
}
/** A null key is `**value`. */
export interface DictDisplay extends At {
  readonly kind: 'Dict'
  readonly entries: readonly { readonly key: Expression | null; readonly value: Expression }[]
}
export interface Attribute extends At {
  readonly kind: 'Attribute'
  readonly value: Expression
  readonly name: string
  readonly nameStart: number
}
export interface Subscript extends At {
  readonly kind: 'Subscript'
  readonly value: Expression
  readonly index: Expression
}
export interface SliceExpression extends At {
  readonly kind: 'Slice'
  readonly lower: Expression | null
  readonly upper: Expression | null
  readonly step: Expression | null
}
export interface Argument extends At {
  /** `name=value`, `*value` (star 1), `**value` (star 2), or positional. */
  readonly name: string | null
  readonly star: 0 | 1 | 2
  readonly value: Expression
}
export interface Call extends At {
  readonly kind: 'Call'
  readonly func: Expression
  readonly args: readonly Argument[]
}
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '@' | '**' | '<<' | '>>' | '&' | '|' | '^'
export interface Binary extends At {
  readonly kind: 'Binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
}
export interface Unary extends At {
  readonly kind: 'Unary'
  readonly operator: '-' | '+' | '~' | 'not'
  readonly operand: Expression
}
export interface BoolOp extends At {
  readonly kind: 'BoolOp'
  readonly operator: 'and' | 'or'
  readonly values: readonly Expression[]
}
export type Comparison = '<' | '>' | '==' | '!=' | '<=' | '>=' | 'in' | 'not in' | 'is' | 'is not'
export interface Compare extends At {
  readonly kind: 'Compare'
  readonly left: Expression
  readonly rest: readonly { readonly operator: Comparison; readonly right: Expression }[]
}
export interface Conditional extends At {
  readonly kind: 'Conditional'
  readonly test: Expression
  readonly body: Expression
  readonly orelse: Expression
}
export interface Lambda extends At {
  readonly kind: 'Lambda'
  readonly parameters: Parameters
  readonly body: Expression
}
export interface Comprehension extends At {
  readonly kind: 'ListComp' | 'SetComp' | 'DictComp' | 'GeneratorExp'
  readonly element: Expression
  /** The value of a dict comprehension, whose element is the key. */
  readonly value: Expression | null
  readonly clauses: readonly ComprehensionClause[]
}
export interface ComprehensionClause {
  readonly target: Expression
  readonly iterable: Expression
  readonly conditions: readonly Expression[]
}
export interface Starred extends At {
  readonly kind: 'Starred'
  readonly value: Expression
}
export interface Walrus extends At {
  readonly kind: 'Walrus'
  readonly target: Name
  readonly value: Expression
}
export interface Await extends At {
  readonly kind: 'Await'
  readonly value: Expression
}
export interface Yield extends At {
  readonly kind: 'Yield'
  readonly value: Expression | null
  readonly from: boolean
}
/** Stands where an expression is missing or could not be read; its value is unknown. */
export interface Missing extends At {
  readonly kind: 'Missing'
}

export interface Parameter extends At {
  readonly name: string
  readonly annotation: Expression | null
  readonly default: Expression | null
}
export interface Parameters {
  readonly positionalOnly: readonly Parameter[]
  readonly positional: readonly Parameter[]
  readonly rest: Parameter | null
  readonly keywordOnly: readonly Parameter[]
  readonly keywords: Parameter | null
}

export type Statement =
  | ExpressionStatement
  | Assign
  | AugmentedAssign
  | AnnotatedAssign
  | Return
  | If
  | For
  | While
  | With
  | Try
  | FunctionDef
  | ClassDef
  | Import
  | ImportFrom
  | Raise
  | Assert
  | Delete
  | Scope
  | Simple
  | Match
  | TypeAlias
  | Broken

export interface ExpressionStatement extends At {
  readonly kind: 'Expression'
  readonly value: Expression
}
export interface Assign extends At {
  readonly kind: 'Assign'
  readonly targets: readonly Expression[]
  readonly value: Expression
}
export interface AugmentedAssign extends At {
  readonly kind: 'AugmentedAssign'
  readonly target: Expression
  readonly operator: BinaryOperator
  readonly value: Expression
}
export interface AnnotatedAssign extends At {
  readonly kind: 'AnnotatedAssign'
  readonly target: Expression
  readonly annotation: Expression
  readonly value: Expression | null
}
export interface Return extends At {
  readonly kind: 'Return'
  readonly value: Expression | null
}
export interface If extends At {
  readonly kind: 'If'
  readonly test: Expression
  readonly body: readonly Statement[]
  readonly orelse: readonly Statement[]
}
export interface For extends At {
  readonly kind: 'For'
  readonly target: Expression
  readonly iterable: Expression
  readonly body: readonly Statement[]
  readonly orelse: readonly Statement[]
}
export interface While extends At {
  readonly kind: 'While'
  readonly test: Expression
  readonly body: readonly Statement[]
  readonly orelse: readonly Statement[]
}
export interface With extends At {
  readonly kind: 'With'
  readonly items: readonly { readonly context: Expression; readonly target: Expression | null }[]
  readonly body: readonly Statement[]
}
export interface Try extends At {
  readonly kind: 'Try'
  readonly body: readonly Statement[]
  readonly handlers: readonly Handler[]
  readonly orelse: readonly Statement[]
  readonly finalbody: readonly Statement[]
}
export interface Handler extends At {
  readonly type: Expression | null
  readonly name: string | null
  readonly body: readonly Statement[]
}
export interface FunctionDef extends At {
  readonly kind: 'FunctionDef'
  readonly name: string
  readonly nameStart: number
  readonly parameters: Parameters
  readonly returns: Expression | null
  readonly body: readonly Statement[]
  readonly decorators: readonly Expression[]
  readonly async: boolean
}
export interface ClassDef extends At {
  readonly kind: 'ClassDef'
  readonly name: string
  readonly nameStart: number
  readonly args: readonly Argument[]
  readonly body: readonly Statement[]
  readonly decorators: readonly Expression[]
}
export interface ImportedName extends At {
  /** Dotted for `import`; `*` for a star import. */
  readonly name: string
  readonly alias: string | null
}
export interface Import extends At {
  readonly kind: 'Import'
  readonly names: readonly ImportedName[]
}
export interface ImportFrom extends At {
  readonly kind: 'ImportFrom'
  readonly module: string
  readonly level: number
  readonly names: readonly ImportedName[]
}
export interface Raise extends At {
  readonly kind: 'Raise'
  readonly exception: Expression | null
  readonly cause: Expression | null
}
export interface Assert extends At {
  readonly kind: 'Assert'
  readonly test: Expression
  readonly message: Expression | null
}
export interface Delete extends At {
  readonly kind: 'Delete'
  readonly targets: readonly Expression[]
}
export interface Scope extends At {
  readonly kind: 'Global' | 'Nonlocal'
  readonly names: readonly string[]
}
export interface Simple extends At {
  readonly kind: 'Pass' | 'Break' | 'Continue'
}
export interface TypeAlias extends At {
  readonly kind: 'TypeAlias'
  readonly name: string
  readonly value: Expression
}
export interface Match extends At {
  readonly kind: 'Match'
  readonly subject: Expression
  readonly cases: readonly {
    readonly pattern: Pattern
    readonly guard: Expression | null
    readonly body: readonly Statement[]
  }[]
}
/** A statement that could not be read. The statements around it stand. */
export interface Broken extends At {
  readonly kind: 'Broken'
}

export type Pattern =
  | (At & { readonly kind: 'ValuePattern'; readonly value: Expression })
  | (At & { readonly kind: 'CapturePattern'; readonly name: string | null; readonly pattern: Pattern | null })
  | (At & { readonly kind: 'StarPattern'; readonly name: string | null })
  | (At & { readonly kind: 'SequencePattern'; readonly items: readonly Pattern[] })
  | (At & { readonly kind: 'OrPattern'; readonly items: readonly Pattern[] })
  | (At & {
      readonly kind: 'MappingPattern'
      readonly entries: readonly { readonly key: Expression; readonly pattern: Pattern }[]
      readonly rest: string | null
    })
  | (At & {
      readonly kind: 'ClassPattern'
      readonly type: Expression
      readonly items: readonly Pattern[]
      readonly named: readonly { readonly name: string; readonly pattern: Pattern }[]
    })

export interface SyntaxFault extends At {
  readonly message: string
}

export interface Module {
  readonly body: readonly Statement[]
  readonly faults: readonly SyntaxFault[]
}
