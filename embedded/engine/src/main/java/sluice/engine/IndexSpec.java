package sluice.engine;

import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.*;

/** What may be asked for as an index: an option that would be ignored is refused, and so is a second index like another. */
final class IndexSpec {
  private static final Set<String> OPTIONS = Set.of("v", "key", "name", "ns", "unique", "sparse", "background", "expireAfterSeconds");
  private static final List<String> COMPARED = List.of("key", "unique", "sparse", "expireAfterSeconds");

  private IndexSpec() { }

  /** False when the very same index is there already. */
  static boolean isNew(Document index, List<Document> others) {
    refuseUnsupported(index);
    for (Document other : others) {
      if (COMPARED.stream().allMatch(option -> Objects.equals(normal(other.get(option)), normal(index.get(option))))) return false;
      boolean sameName = other.get("name").equals(index.get("name"));
      if (sameName || normal(other.get("key")).equals(normal(index.get("key")))) {
        throw new MongoServerError(sameName ? 86 : 85, sameName ? "IndexKeySpecsConflict" : "IndexOptionsConflict",
            "An equivalent index already exists with other options: " + other);
      }
    }
    return true;
  }

  private static void refuseUnsupported(Document index) {
    index.keySet().stream().filter(option -> !OPTIONS.contains(option)).findFirst().ifPresent(option -> {
      throw new MongoServerError(67, "CannotCreateIndex", "index option " + option + " is not supported");
    });
    ((Document) index.get("key")).forEach((field, way) -> {
      if (!(way instanceof Number) || field.contains("$") || field.matches("(.*\\.)?\\d+(\\..*)?")) {
        throw new MongoServerError(67, "CannotCreateIndex", "index key " + field + ": " + way + " is not supported");
      }
    });
  }

  /** An option as it is compared: numbers by value, false like absent, keys in their order. */
  private static Object normal(Object option) {
    if (option instanceof Document keys) {
      List<Object> all = new ArrayList<>();
      keys.forEach((field, way) -> all.add(field + " " + normal(way)));
      return all;
    }
    return option instanceof Number number ? (Object) number.doubleValue() : Utils.isTrue(option) ? true : null;
  }
}
