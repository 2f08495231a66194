import type { TemplateResource } from '../assembly/template';
import { Value, textOf } from '../evaluation/value';
import type { Model } from '../model';
import { Acl, readAcl } from './acls';
import type { Family } from './addresses';
import { WayIn, waysIn } from './internet-access';
import { SubnetRoute, readRoutes } from './routes';
import { GroupRules, RulesBeside, readGroup, readRulesBeside } from './security-groups';

/** What filters and routes: each group, ACL and route table is read once, since every question asks for them again. */
export class Network {
  private readonly groups = new Map<string, GroupRules>();
  private readonly acls = new Map<TemplateResource, Acl>();
  private readonly routes = new Map<TemplateResource, SubnetRoute[]>();
  private readonly entrances = new Map<string, WayIn[]>();
  private rulesBeside?: RulesBeside;

  constructor(public readonly model: Model) {}

  public group(id: Value): GroupRules {
    return remembered(this.groups, textOf(id), () => {
      this.rulesBeside ??= readRulesBeside(this.model);
      return readGroup(this.model, id, this.rulesBeside);
    });
  }

  public aclOf(subnet: TemplateResource): Acl {
    return remembered(this.acls, subnet, () => readAcl(this.model, subnet));
  }

  public routesOf(subnet: TemplateResource): SubnetRoute[] {
    return remembered(this.routes, subnet, () => readRoutes(this.model, subnet));
  }

  /** The routes of a subnet that the internet can come in by. */
  public waysInto(subnet: TemplateResource, family: Family): WayIn[] {
    return remembered(this.entrances, `${family} ${subnet.path}`, () => waysIn(this.model, subnet, family));
  }
}

function remembered<K, V>(known: Map<K, V>, key: K, work: () => V): V {
  const earlier = known.get(key);
  if (earlier !== undefined) return earlier;
  const made = work();
  known.set(key, made);
  return made;
}
