import { App, AppProps, Stack } from 'aws-cdk-lib';
import { TemplateGraph } from '../src';

/** An app without what CDK adds for its own statistics. */
export function newApp(props: AppProps = {}): App {
  return new App({ analyticsReporting: false, ...props });
}

/** The graph of an app with one stack, `Stack`. */
export function graphOfApp(build: (stack: Stack) => void, props: AppProps = {}): TemplateGraph {
  const stack = new Stack(newApp(props), 'Stack');
  build(stack);
  return TemplateGraph.of(stack);
}

/** The ways from the internet, one line each. */
export function linesTo(graph: TemplateGraph, path: string): string[] {
  return graph.pathsFromInternetTo(graph.at(path)).map(({ text }) => text);
}

/** The same, and those through code. */
export function chainsTo(graph: TemplateGraph, path: string): string[] {
  return graph.chainsFromInternetTo(graph.at(path)).map(({ text }) => text);
}
