// The same database with nothing that migrates it.
const { AuroraCluster } = require('@groundplan/aurora');
const { Grants, Pooling } = require('@groundplan/postgres');
const { inNetwork } = require('./ground.cjs');

module.exports = (app, Stack) => {
  const { stack, vpc } = inNetwork(app, Stack);
  // begin
  const database = new AuroraCluster(stack, 'Database', { vpc, pooling: Pooling.rdsProxy() });
  database.addUser('app', { grants: Grants.readWrite() });
  // end
};
