package sluice.engine;

import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerException;
import java.util.*;

/** Commands of several statements, answered as MongoDB does: what is refused is named by its place and spares the others. */
final class Batches {
  private Batches() { }

  interface Single { Document run(Document command); }

  /** The library counts what was refused too. */
  static Document countInserted(Document query, Document result) {
    if (result.get("writeErrors") instanceof List<?> errors && !errors.isEmpty()) {
      int all = ((List<?>) query.get("documents")).size();
      boolean ordered = !Boolean.FALSE.equals(query.get("ordered"));
      result.put("n", ordered ? ((Document) errors.get(0)).get("index") : all - errors.size());
    }
    return result;
  }

  /** Each statement by itself, so that an error names its place, ends an ordered batch and spares an unordered one. */
  static Document oneByOne(Document query, String statements, Single library) {
    List<?> all = (List<?>) query.get(statements);
    int n = 0, modified = 0;
    List<Document> upserted = new ArrayList<>(), errors = new ArrayList<>();
    for (int i = 0; i < all.size() && (errors.isEmpty() || Boolean.FALSE.equals(query.get("ordered"))); i++) {
      Document single = query.clone();
      single.put(statements, List.of(all.get(i)));
      Document result;
      try {
        if (((Document) all.get(i)).get("u") instanceof Collection) throw StoredDatabase.unsupported("an update by a pipeline");
        result = library.run(single);
      } catch (MongoServerException refused) {
        result = new Document("writeErrors", List.of(EngineBackend.describe(refused)));
      }
      n += ((Number) result.getOrDefault("n", 0)).intValue();
      modified += ((Number) result.getOrDefault("nModified", 0)).intValue();
      for (Object each : (Collection<?>) result.getOrDefault("upserted", List.of())) upserted.add(((Document) each).append("index", i));
      for (Object each : (Collection<?>) result.getOrDefault("writeErrors", List.of())) errors.add(((Document) each).append("index", i));
    }
    Document result = new Document("n", n);
    if (statements.equals("updates")) result.append("nModified", modified);
    if (!upserted.isEmpty()) result.append("upserted", upserted);
    if (!errors.isEmpty()) result.append("writeErrors", errors);
    return result.append("ok", 1.0);
  }
}
