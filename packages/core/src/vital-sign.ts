import type { AlarmRule } from './alarm-rule';
import { AlarmCondition } from './alarm-rule';
import type { SignSource } from './sign-source';

/** The four golden signals of Google's SRE book, chapter 6, and the one that the invoice adds. */
export enum GoldenSignal {
  /** How long it takes. */
  LATENCY = 'latency',
  /** How much is asked of it. */
  TRAFFIC = 'traffic',
  /** How often it fails. */
  ERRORS = 'errors',
  /** How full it is. */
  SATURATION = 'saturation',
  /** What it spends. */
  COST = 'cost',
}

/** What a vital sign counts. Renderers choose axes and number formats by it. */
export enum SignUnit {
  /** A number of things in a period. */
  COUNT = 'count',
  /** Bytes in a period. */
  BYTES = 'bytes',
  /** Seconds. */
  SECONDS = 'seconds',
  /** 0 to 100. */
  PERCENT = 'percent',
}

/** What a vital sign is. */
export interface VitalSignProps {
  /** A PascalCase noun that is unique in its construct; it becomes part of an alarm's logical id, so it never changes. */
  readonly id: string;
  /** What a dashboard writes above it. */
  readonly title: string;
  /** Where it is read. */
  readonly source: SignSource;
  /** Which question it answers. */
  readonly signal: GoldenSignal;
  /** What it counts. */
  readonly unit: SignUnit;
  /**
   * When it deserves an alarm.
   *
   * @default it is only shown
   */
  readonly alarms?: AlarmRule[];
}

/** One thing that tells whether a construct is well. A description: making one creates no resource. */
export class VitalSign {
  /** Unique in its construct. */
  public readonly id: string;
  /** What a dashboard writes above it. */
  public readonly title: string;
  /** Where it is read. */
  public readonly source: SignSource;
  /** Which question it answers. */
  public readonly signal: GoldenSignal;
  /** What it counts. */
  public readonly unit: SignUnit;
  /** When it deserves an alarm. */
  public readonly alarms: AlarmRule[];

  constructor(props: VitalSignProps) {
    this.id = props.id;
    this.title = props.title;
    this.source = props.source;
    this.signal = props.signal;
    this.unit = props.unit;
    this.alarms = props.alarms ?? [];
    if (!/^[A-Z][A-Za-z0-9]*$/.test(this.id))
      throw new Error(`VitalSign: id must be a PascalCase noun, got "${this.id}"; it becomes part of a logical id`);
    for (const { condition } of this.alarms)
      if ((condition === AlarmCondition.EVENT) !== (this.source.eventPattern !== undefined))
        throw new Error(
          `VitalSign "${this.id}": alarms must fit the source, got ${condition} on ${this.source.metric ? 'a metric' : 'events'}; ` +
            'use AlarmRule.onEvent for events, and above, below or anomaly for a metric',
        );
  }
}
