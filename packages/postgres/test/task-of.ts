import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A container as its task definition says it; values of other resources read `<Id>` and `<Id.Attribute>`. */
export interface Container {
  readonly command: string[];
  readonly environment: Record<string, string>;
  readonly secrets: Record<string, string>;
  /** The folder that its image is built from. */
  readonly context?: string;
}

/** The containers of the one task definition of a stack, by name. */
export function containersIn(stack: Stack): Record<string, Container> {
  const assembly = (stack.node.root as App).synth();
  const template = Template.fromJSON(assembly.getStackArtifact(stack.artifactId).template);
  const [{ Properties }] = Object.values(template.findResources('AWS::ECS::TaskDefinition'));
  const assets = JSON.parse(readFileSync(join(assembly.directory, `${stack.artifactId}.assets.json`), 'utf8'));
  return Object.fromEntries(
    Properties.ContainerDefinitions.map((container: Record<string, never>) => {
      const image = text(container.Image);
      const asset = Object.entries<{ source: { directory: string } }>(assets.dockerImages).find(([hash]) =>
        image.includes(hash),
      );
      return [
        container.Name,
        {
          command: container.Command,
          environment: named(container.Environment, 'Value'),
          secrets: named(container.Secrets, 'ValueFrom'),
          context: asset && join(assembly.directory, asset[1].source.directory),
        },
      ];
    }),
  );
}

function named(list: Record<string, unknown>[] = [], value: string): Record<string, string> {
  return Object.fromEntries(list.map((item) => [item.Name, text(item[value])]));
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument]] = Object.entries(value as object);
  if (name === 'Fn::Join') return argument[1].map(text).join(argument[0]);
  return `<${Array.isArray(argument) ? argument.join('.') : argument}>`;
}
