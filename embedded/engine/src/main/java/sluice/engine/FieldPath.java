package sluice.engine;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import java.util.*;

/** A dotted path into a document, through arrays: the library's own reading of it, without parsing the path each time. */
final class FieldPath {
  final String name;
  private final String[] steps;

  FieldPath(String name) {
    this.name = name;
    this.steps = name.split("\\.", -1);
  }

  /** The value, Missing, or below an array the list of what its elements have. */
  Object of(Document document) {
    return read(document, 0);
  }

  private Object read(Document document, int at) {
    Object value = document.getOrMissing(steps[at]);
    if (at == steps.length - 1) return value;
    if (value instanceof Document inner) return read(inner, at + 1);
    if (!(value instanceof Collection<?> elements)) return Missing.getInstance();
    List<Object> values = new ArrayList<>(elements.size());
    for (Object element : elements) {
      Object found = element instanceof Document inner ? read(inner, at + 1) : Missing.getInstance();
      if (found instanceof Collection<?> several) values.addAll(several);
      else values.add(found);
    }
    return values;
  }
}
