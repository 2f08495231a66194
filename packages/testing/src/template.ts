/** A CloudFormation template, as far as the kit reads it. */
export interface TemplateJson {
  readonly Resources?: Readonly<Record<string, ResourceJson>>;
}

/** One resource of a template. */
export interface ResourceJson {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}
