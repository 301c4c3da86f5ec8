package dev.slipway.demo.cluster.patch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.cluster.patch.ManagedFields.Entry;
import dev.slipway.demo.cluster.patch.ManagedFields.Owner;
import dev.slipway.demo.cluster.schema.FieldError;
import dev.slipway.demo.cluster.schema.Rejected;
import dev.slipway.demo.cluster.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Server-side apply and the tracking of owners: the algorithm of Kubernetes' <a
 * href="https://github.com/kubernetes-sigs/structured-merge-diff">structured-merge-diff</a>, for
 * objects of one version. Lists merge in {@link ListMerge#mergeList}.
 *
 * @param schema of the whole object
 * @param apiVersion in which entries are written
 * @param ignored fields that the endpoint resets and that nobody comes to own through it
 * @param time of this change, RFC 3339
 */
record ServerSideApply(Schema schema, String apiVersion, FieldSet ignored, String time) {

  /** An object and its owners; the object carries no {@code managedFields} itself. */
  record State(ObjectNode object, ManagedFields owners) {
    static State of(ObjectNode object) {
      return new State(ManagedFields.strip(object), ManagedFields.of(object));
    }
  }

  /**
   * Merges what a manager wants into what there is.
   *
   * @param live the stored object, empty when there is none
   * @param applied the fields that the manager wants
   * @throws Rejected 409 when others own fields that would change, unless forced
   */
  State apply(State live, ObjectNode applied, Owner owner, boolean force) {
    if (live.object().isEmpty()) {
      Entry everything = new Entry(owned(AppliedFields.of(schema, applied)), apiVersion, time);
      return new State(applied, ManagedFields.NONE.with(owner, everything));
    }
    State before = live.owners().isEmpty() ? adopt(live) : live;
    FieldSet last = before.owners().of(owner);
    FieldSet wanted = owned(AppliedFields.of(schema, applied));
    Entry previous = before.owners().entries().get(owner);
    ManagedFields owners =
        before
            .owners()
            .with(owner, new Entry(wanted, apiVersion, previous == null ? "" : previous.time()));

    ObjectNode merged = (ObjectNode) ListMerge.merge(schema, before.object(), applied);
    ObjectNode pruned = prune(merged, owners, last);
    Comparison changes = Comparison.of(schema, before.object(), pruned).without(ignored);
    FieldSet allowed = LastApplied.allowed(schema, before.object(), owner.name());
    owners = takeFromOthers(owners, owner, changes, force ? changes.all() : allowed);
    if (!changes.isSame()) {
      owners = owners.with(owner, new Entry(wanted, apiVersion, time));
    }
    return new State(pruned, owners);
  }

  /**
   * Records who changed what by another write than an apply.
   *
   * @param live the stored object, empty when it is being created
   */
  ManagedFields update(State live, ObjectNode changed, Owner owner) {
    Comparison changes =
        Comparison.of(schema, live.object(), ManagedFields.strip(changed)).without(ignored);
    ManagedFields owners = takeFromOthers(live.owners(), owner, changes, changes.all());
    FieldSet taken = owned(changes.modified().union(changes.added()));
    Entry previous = owners.entries().get(owner);
    FieldSet kept = owners.of(owner).difference(changes.removed());
    boolean isNews = !taken.isEmpty();
    String at = previous == null || isNews ? time : previous.time();
    return owners.with(owner, new Entry(kept.union(taken), apiVersion, at));
  }

  /** Gives fields that were written before anybody was tracked to an owner of their own. */
  private State adopt(State live) {
    State nothing = new State(JsonNodeFactory.instance.objectNode(), ManagedFields.NONE);
    Owner earlier = Owner.updater("before-first-apply", apiVersion, "");
    return new State(live.object(), update(nothing, live.object(), earlier));
  }

  private FieldSet owned(FieldSet fields) {
    return fields.difference(ManagedFields.UNOWNED).without(ignored);
  }

  /** Removes what the manager applied last time, does not apply now, and nobody else owns. */
  private ObjectNode prune(ObjectNode merged, ManagedFields owners, FieldSet last) {
    if (last.isEmpty()) {
      return merged;
    }
    FieldSet lastNamed = last.withNamedFields(schema);
    ObjectNode pruned = Removal.of(schema, merged, lastNamed);
    FieldSet everything = AppliedFields.of(schema, merged).withNamedFields(schema);
    FieldSet stillThere = AppliedFields.of(schema, pruned).withNamedFields(schema);
    FieldSet ownedBySomebody = owners.all().withNamedFields(schema);
    ObjectNode withOwned =
        Removal.of(schema, merged, everything.difference(stillThere.union(ownedBySomebody)));
    // What goes because its parent goes, but was never this manager's, comes back.
    FieldSet left = AppliedFields.of(schema, withOwned).withNamedFields(schema);
    return Removal.of(schema, merged, everything.difference(left).intersection(lastNamed));
  }

  private ManagedFields takeFromOthers(
      ManagedFields owners, Owner self, Comparison changes, FieldSet allowed) {
    FieldSet changed = changes.modified().union(changes.added());
    SortedMap<String, List<String>> conflicts = new TreeMap<>();
    ManagedFields left = owners;
    for (Map.Entry<Owner, Entry> each : owners.entries().entrySet()) {
      if (each.getKey().equals(self)) {
        continue;
      }
      FieldSet fields = each.getValue().fields();
      FieldSet contested = fields.intersection(changed);
      FieldSet disputed = contested.difference(allowed);
      if (!disputed.isEmpty()) {
        conflicts.put(each.getKey().toString(), disputed.paths());
      }
      FieldSet kept = fields.difference(contested).difference(changes.removed());
      left =
          left.with(
              each.getKey(), new Entry(kept, each.getValue().apiVersion(), each.getValue().time()));
    }
    if (!conflicts.isEmpty()) {
      throw conflict(conflicts);
    }
    return left;
  }

  private static Rejected conflict(SortedMap<String, List<String>> conflicts) {
    List<FieldError> causes = new ArrayList<>();
    conflicts.forEach(
        (owner, paths) ->
            paths.forEach(
                path ->
                    causes.add(
                        new FieldError("FieldManagerConflict", "conflict with " + owner, path))));
    if (causes.size() == 1) {
      FieldError only = causes.getFirst();
      return Rejected.applyConflict(
          "Apply failed with 1 conflict: " + only.message() + ": " + only.field(), causes);
    }
    StringBuilder message =
        new StringBuilder("Apply failed with " + causes.size() + " conflicts: ");
    List<String> groups = new ArrayList<>();
    conflicts.forEach(
        (owner, paths) ->
            groups.add(
                "conflicts with "
                    + owner
                    + ":\n- "
                    + String.join(
                        "\n- ", paths.stream().sorted(Comparator.naturalOrder()).toList())));
    return Rejected.applyConflict(message.append(String.join("\n", groups)).toString(), causes);
  }
}
