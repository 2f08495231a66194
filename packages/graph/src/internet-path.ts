import type { Certainty } from './certainty';

/** One resource on a path. */
export interface PathHop {
  /** Construct path. */
  readonly resource: string;
  readonly type: string;
  /** The ports it is asked on: `443/tcp`; empty where a service asks it without a network between. */
  readonly ports: string[];
  /** Construct paths of the rules, listeners and policies that let it through. */
  readonly allowedBy: string[];
  /** Its own code decides to connect to the next hop; otherwise what arrives is passed on. */
  readonly connectsOnward: boolean;
}

/** A way from the internet to a resource. */
export interface InternetPath {
  /** A block (`0.0.0.0/0`, `::/0`, one that a rule names), a prefix list, or `anyone` for what a service itself publishes. */
  readonly source: string;
  /** From the internet's side; the last one is the resource that was asked for. */
  readonly hops: PathHop[];
  readonly certainty: Certainty;
  /** What is not known about it, as sentences. */
  readonly unknowns: string[];
  /** One line: `internet (0.0.0.0/0) -> 443/tcp Dev/Api/LB/Resource -> 8080/tcp Dev/Api/Service/Service`. */
  readonly text: string;
}
