import { svg, type TemplateResult } from 'lit'

/** Fills that tell kinds apart without hue: hatched and cross-hatched. Solid and hollow need none. */
export const patterns = (): TemplateResult => svg`
  <defs>
    <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line class="hatch-line" x1="1" y1="0" x2="1" y2="5"></line>
    </pattern>
    <pattern id="cross" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path class="cross-line" d="M0 1H5M1 0V5"></path>
    </pattern>
    <pattern id="hatch-sum" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line class="sum-line" x1="1" y1="0" x2="1" y2="5"></line>
    </pattern>
  </defs>
`
