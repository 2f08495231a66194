import { nearestTo } from '../src/private/nearest';

test.each([
  ['a letter changed', 'FlowLags', 'FlowLogs', ['LogRetention', 'FlowLogs', 'Log']],
  ['a letter missing', 'FlwLogs', 'FlowLogs', ['Flw', 'FlowLogs', 'FlwLogsLogs']],
  ['a letter too many', 'FlowwLogs', 'FlowLogs', ['FlowwLogsLogs', 'FlowLogs', 'Floww']],
  ['two letters swapped', 'FolwLogs', 'FlowLogs', ['Fol', 'FlowLogs', 'FolwLogging']],
  ['a word in front', 'VpcFlowLogs', 'FlowLogs', ['Vpc', 'VpcFlow', 'FlowLogs']],
  ['nothing at all', '', 'Tag', ['Tags', 'Tag', 'FlowLogs']],
  ['letters that stand elsewhere', 'abcd', 'abxx', ['dcba', 'abxx']],
])('the nearest to a name with %s is the one with the fewest changes', (_, wanted, nearest, candidates) => {
  expect(nearestTo(wanted, candidates)).toBe(nearest);
});

test('of two that are equally near it is the first', () => {
  expect(nearestTo('Tag', ['Tags', 'Tug'])).toBe('Tags');
  expect(nearestTo('Tag', ['Tug', 'Tags'])).toBe('Tug');
});
