"""RDS with a PostgreSQL behind it, around the emulator's own API and in its stores."""

from __future__ import annotations

from collections.abc import Callable

from ministack.services import rds as native

from groundplan_local.api import secretsmanager
from groundplan_local.api.query import Actions
from groundplan_local.api.rds import (
    event_subscriptions,
    managed_passwords,
    model,
    roles,
    standing,
    versions,
)
from groundplan_local.api.rds.backing import Backing
from groundplan_local.api.rds.clusters import Clusters
from groundplan_local.api.rds.instances import Instances
from groundplan_local.api.rds.parameter_groups import (
    ParameterGroups,
    clusters_with,
    records_with,
    refuse_used,
)
from groundplan_local.api.rds.proxies import Proxies
from groundplan_local.api.rds.snapshots import Snapshots
from groundplan_local.databases.fleet import Fleet
from groundplan_local.databases.passwords import new_password


def _reset(native_reset: Callable[[], None], fleet: Fleet) -> Callable[[], None]:
    def reset() -> None:
        fleet.remove_all()
        native_reset()

    return reset


def install(fleet: Fleet) -> None:
    native.reset = _reset(native.reset, fleet)
    standing.install(fleet)
    versions.install()
    backing = Backing(fleet)
    # The emulator would look for Docker to run an engine in; nothing of it is called.
    native._get_docker = lambda: None
    native._generate_master_user_password = new_password
    native._cluster_xml = lambda record: model.written("DBCluster", record)
    native._instance_xml = lambda record: model.written("DBInstance", record)
    snapshots = Snapshots(backing)
    snapshots.install()
    secretsmanager.rotations.append(lambda secret: managed_passwords.rotated(backing, secret))
    actions = Actions(native._ACTION_MAP, native._error, native._xml)
    clusters, instances, proxies = Clusters(backing), Instances(backing), Proxies(fleet)
    groups = ParameterGroups(backing)
    of_instances = groups.changed("DBParameterGroupName", native._param_groups, records_with)
    of_clusters = groups.changed(
        "DBClusterParameterGroupName", native._db_cluster_param_groups, clusters_with
    )
    for name, completion in {
        "CreateDBCluster": clusters.create,
        "ModifyDBCluster": clusters.modify,
        "DeleteDBCluster": clusters.delete,
        "StartDBCluster": clusters.start,
        "StopDBCluster": clusters.stop,
        "CreateDBInstance": instances.create,
        "CreateDBInstanceReadReplica": instances.replicate,
        "RestoreDBInstanceFromDBSnapshot": instances.restore,
        "ModifyDBInstance": instances.modify,
        "DeleteDBInstance": instances.delete,
        "StartDBInstance": instances.start,
        "StopDBInstance": instances.stop,
        "RebootDBInstance": instances.reboot,
        "DeleteDBClusterSnapshot": snapshots.delete("DBClusterSnapshotArn"),
        "DeleteDBSnapshot": snapshots.delete("DBSnapshotArn"),
        "ModifyDBParameterGroup": of_instances,
        "ResetDBParameterGroup": of_instances,
        "DeleteDBParameterGroup": refuse_used,
        "ModifyDBClusterParameterGroup": of_clusters,
        "ResetDBClusterParameterGroup": of_clusters,
        "DeleteDBClusterParameterGroup": refuse_used,
        "CreateDBProxy": proxies.create,
        "ModifyDBProxy": proxies.modify,
        "DeleteDBProxy": proxies.delete,
        "CreateDBProxyEndpoint": proxies.create_endpoint,
        "DeleteDBProxyEndpoint": proxies.delete_endpoint,
        "RegisterDBProxyTargets": proxies.targets,
        "DeregisterDBProxyTargets": proxies.targets,
    }.items():
        actions.complete(name, completion)
    for name, action in {
        "RestoreDBClusterFromSnapshot": clusters.restore,
        "AddRoleToDBCluster": roles.add("Cluster"),
        "AddRoleToDBInstance": roles.add("Instance"),
        "RemoveRoleFromDBCluster": roles.remove("Cluster"),
        "RemoveRoleFromDBInstance": roles.remove("Instance"),
        "CreateEventSubscription": event_subscriptions.create,
        "ModifyEventSubscription": event_subscriptions.modify,
        "DeleteEventSubscription": event_subscriptions.delete,
        "DescribeEventSubscriptions": event_subscriptions.describe,
    }.items():
        actions.put(name, action)
