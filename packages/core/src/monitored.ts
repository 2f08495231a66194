import { IConstruct } from 'constructs';
import type { VitalSign } from './vital-sign';

/** A construct that can be watched. A renderer of dashboards and alarms needs to know no more of it than this. */
export interface IMonitored extends IConstruct {
  /** The signs that tell whether it is well, with thresholds for its environment. Listing them creates no resource. */
  vitalSigns(): VitalSign[];
}
