/** Values over time; nothing where a function has none yet. */
type Series = (number | undefined)[];

const FUNCTIONS: Record<string, (...args: Series[]) => Series> = {
  ABS: (series) => series.map((value) => (value === undefined ? undefined : Math.abs(value))),
  DIFF: (series) => series.map((value, i) => (i === 0 ? undefined : minus(value, series[i - 1]))),
  IF: (condition, yes, no) => condition.map((value, i) => (value === undefined ? undefined : value ? yes[i] : no[i])),
};

function minus(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one - other;
}

/**
 * What CloudWatch makes of an expression of ABS, DIFF, IF, comparisons and numbers over a metric, as far as it is documented:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluated(expression: string, metrics: Readonly<Record<string, number[]>>): Series {
  const tokens = expression.match(/[A-Za-z]+|-?\d+(\.\d+)?|[(),<>]/g)!;
  const [{ length }] = Object.values(metrics);
  const constant = (value: number): Series => Array(length).fill(value);
  const take = () => tokens.shift()!;

  const operand = (): Series => {
    const token = take();
    if (/\d$/.test(token)) return constant(Number(token));
    if (tokens[0] !== '(') return metrics[token];
    take();
    const args = [comparison()];
    while (take() === ',') args.push(comparison());
    return FUNCTIONS[token](...args);
  };
  const comparison = (): Series => {
    const left = operand();
    if (tokens[0] !== '<' && tokens[0] !== '>') return left;
    const isLess = take() === '<';
    const right = operand();
    return left.map((value, i) => {
      if (value === undefined || right[i] === undefined) return undefined;
      return Number(isLess ? value < right[i] : value > right[i]);
    });
  };
  return comparison();
}
