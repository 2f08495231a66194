export enum Tier { SANDBOX = 'sandbox' }
