// The looks of the swim lanes: one set of rules, two sets of colours, chosen by the reader's preference. Colours are written
// out rule by rule, because not every program that shows SVG knows CSS variables.

interface Colours {
  readonly ground: string;
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly master: string;
  readonly onMaster: string;
  readonly backup: string;
  readonly onBackup: string;
  readonly fault: string;
  readonly onFault: string;
  readonly off: string;
  readonly offEdge: string;
  /** Time without a Master, and with two. */
  readonly none: string;
  readonly two: string;
  /** Marks of faults. */
  readonly mark: string;
}

const LIGHT: Colours = {
  ground: '#ffffff',
  ink: '#1c2733',
  soft: '#5b6875',
  grid: '#e6ebef',
  master: '#1f7a4d',
  onMaster: '#ffffff',
  backup: '#cfe0f3',
  onBackup: '#23405f',
  fault: '#e8a33d',
  onFault: '#3a2400',
  off: '#f3f5f7',
  offEdge: '#b9c3cd',
  none: '#7d8a96',
  two: '#d22f2f',
  mark: '#4a3aa7',
};

const DARK: Colours = {
  ground: '#12181f',
  ink: '#e8edf2',
  soft: '#9fadba',
  grid: '#222c36',
  master: '#35a06b',
  onMaster: '#06120b',
  backup: '#29425e',
  onBackup: '#cfe0f3',
  fault: '#d9973c',
  onFault: '#1d1003',
  off: '#181f27',
  offEdge: '#45525f',
  none: '#84929e',
  two: '#ff6b6b',
  mark: '#b3a7f7',
};

const SHAPES = [
  "text { font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif }",
  '.title { font-size: 14px; font-weight: 600 }',
  '.node, .fault-number, .mark-number { font-weight: 600 }',
  '.word { font-size: 11px }',
  '.mark-number { font-size: 10px }',
  '.off { stroke-dasharray: 3 3 }',
  '.fault-line { stroke-dasharray: 2 3 }',
];

function rules(colours: Colours): readonly string[] {
  return [
    `.ground, .mark-number { fill: ${colours.ground} }`,
    `.title, .node, .fault-words { fill: ${colours.ink} }`,
    `.tick, .legend, .fault-time { fill: ${colours.soft} }`,
    `.grid { stroke: ${colours.grid} }`,
    `.master { fill: ${colours.master} }`,
    `.backup { fill: ${colours.backup} }`,
    `.fault { fill: ${colours.fault} }`,
    `.off { fill: ${colours.off}; stroke: ${colours.offEdge} }`,
    `.none { fill: ${colours.none} }`,
    `.two { fill: ${colours.two} }`,
    `.on-master { fill: ${colours.onMaster} }`,
    `.on-backup { fill: ${colours.onBackup} }`,
    `.on-fault { fill: ${colours.onFault} }`,
    `.mark, .fault-number { fill: ${colours.mark} }`,
    `.fault-line { stroke: ${colours.mark} }`,
  ];
}

export const SWIM_LANE_STYLE: string = [
  '<style>',
  ...SHAPES,
  ...rules(LIGHT),
  '@media (prefers-color-scheme: dark) {',
  ...rules(DARK),
  '}',
  '</style>',
].join('\n');
