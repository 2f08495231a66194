// The service as a product engineer writes it.
const { Ingress, WebService } = require('@groundplan/fargate-service');
const { Image } = require('@groundplan/task');
const { inNetwork } = require('./ground.cjs');

module.exports = (app, Stack) => {
  const { stack, vpc, zone } = inNetwork(app, Stack);
  // begin
  new WebService(stack, 'Api', {
    vpc,
    image: Image.fromRegistry('public.ecr.aws/nginx/nginx:1.29.3'),
    ingress: Ingress.publicLoadBalancer({ hostname: 'api.example.com', zone }),
  });
  // end
};
