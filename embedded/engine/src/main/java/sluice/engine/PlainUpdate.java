package sluice.engine;

import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.*;
import java.util.*;

/**
 * The updates that most writes are: a replacement, or $set, $inc and $unset of fields of the document itself. The new
 * version shares what did not change with the old one, where the library copies the whole document several times.
 */
final class PlainUpdate {
  private static final Set<String> OPERATORS = Set.of("$set", "$inc", "$unset", "$setOnInsert");
  private final Document update;
  private final boolean replaces;

  private PlainUpdate(Document update, boolean replaces) {
    this.update = update;
    this.replaces = replaces;
  }

  /** Null when the update is more than that, or wrong: then it is the library's to do, or to refuse. */
  static PlainUpdate of(Object asked, boolean multi) {
    if (!(asked instanceof Document update)) return null;
    if (update.keySet().stream().noneMatch(name -> name.startsWith("$"))) return multi ? null : new PlainUpdate(update, true);
    Set<String> fields = new HashSet<>();
    for (Map.Entry<String, Object> each : update.entrySet()) {
      if (!OPERATORS.contains(each.getKey()) || !(each.getValue() instanceof Document change)) return null;
      for (String field : change.keySet()) {
        if (field.isEmpty() || field.indexOf('.') >= 0 || field.startsWith("$") || field.equals("_id") || !fields.add(field)) return null;
      }
    }
    return new PlainUpdate(update, false);
  }

  /** The next version, the same object when nothing changes, or null when the library has to look at it. */
  Document apply(Document before) {
    if (replaces) return replace(before);
    Document after = before.clone();
    boolean changed = false;
    for (Map.Entry<String, Object> operation : update.entrySet()) {
      if (operation.getKey().equals("$setOnInsert")) continue;
      for (Map.Entry<String, Object> change : ((Document) operation.getValue()).entrySet()) {
        String field = change.getKey();
        boolean had = before.containsKey(field);
        if (operation.getKey().equals("$unset")) {
          changed |= had;
          after.remove(field);
          continue;
        }
        Object value = operation.getKey().equals("$set") ? change.getValue() : sum(had ? before.get(field) : 0, change.getValue());
        if (value == null && !operation.getKey().equals("$set")) return null;
        changed |= !had || !Objects.equals(before.get(field), value);
        after.put(field, value);
      }
    }
    return changed ? after : before;
  }

  private Document replace(Document before) {
    if (update.containsKey("_id") && !update.get("_id").equals(before.get("_id"))) return null;
    Document after = new Document("_id", before.get("_id")).appendAll(update);
    Utils.validateFieldNames(after);
    return after.equals(before) ? before : after;
  }

  private static Number sum(Object left, Object right) {
    if (left instanceof Integer a && right instanceof Integer b) {
      long sum = (long) a + b;
      return sum == (int) sum ? (Number) (int) sum : (Number) sum;
    }
    boolean whole = (left instanceof Integer || left instanceof Long) && (right instanceof Integer || right instanceof Long);
    if (whole) {
      long a = ((Number) left).longValue(), b = ((Number) right).longValue(), sum = a + b;
      return ((a ^ sum) & (b ^ sum)) < 0 ? null : (Number) sum;
    }
    boolean plain = (left instanceof Integer || left instanceof Double) && (right instanceof Integer || right instanceof Double);
    return plain ? (Number) (((Number) left).doubleValue() + ((Number) right).doubleValue()) : null;
  }
}
