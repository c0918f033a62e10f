package sluice.engine;

import de.bwaldvogel.mongo.bson.Document;
import java.util.concurrent.atomic.LongAdder;

/** What queries have read since the start, for tests that prove that a query's cost does not grow with what is stored. */
final class Cost {
  final LongAdder keys = new LongAdder();
  final LongAdder documents = new LongAdder();
  final LongAdder fullScans = new LongAdder();

  Document toDocument() {
    return new Document("keys", keys.sum()).append("documents", documents.sum()).append("fullScans", fullScans.sum())
        .append("ok", 1.0);
  }
}
