package io.fanfare.audience.category;

import io.fanfare.support.EntityTag;
import io.fanfare.support.Ids;
import io.fanfare.support.audit.AuditTrail;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Changes categories; every change is written down in its own transaction. */
@Service
class CategoryEditor {

  /** Each is a choice on the page of a contact's preferences. */
  static final int MAX_CATEGORIES = 30;

  private static final String RESOURCE = "category";

  private final CategoryRepository categories;
  private final AuditTrail audit;

  CategoryEditor(CategoryRepository categories, AuditTrail audit) {
    this.categories = categories;
    this.audit = audit;
  }

  @Transactional
  public Category create(
      Identity who, String name, String title, @Nullable String description, boolean mandatory) {
    categories.lock(who.tenant());
    List<Category> all = categories.all(who.tenant());
    if (all.stream().anyMatch(other -> other.name().equals(name))) {
      throw ProblemException.conflict("category_exists", "there is a category of this name");
    }
    if (all.size() >= MAX_CATEGORIES) {
      throw ProblemException.conflict(
          "too_many_categories", "there are " + MAX_CATEGORIES + " categories, and more cannot be");
    }
    Category category =
        categories.insert(
            who.tenant(), Ids.next(), name, title.strip(), blankToNull(description), mandatory);
    audit.record(who, "create", RESOURCE, category.id().toString(), null, facts(category));
    return category;
  }

  @Transactional(readOnly = true)
  public Category find(Identity who, UUID id) {
    return categories
        .find(who.tenant(), id, false)
        .orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  /** Null leaves a field as it is; an empty description clears it. */
  @Transactional
  public Category update(
      Identity who,
      UUID id,
      @Nullable String title,
      @Nullable String description,
      @Nullable Boolean mandatory,
      @Nullable String ifMatch) {
    Category current = locked(who, id);
    EntityTag.require(ifMatch, current.version());
    Category updated =
        categories.update(
            id,
            title == null ? current.title() : title.strip(),
            description == null ? current.description() : blankToNull(description),
            mandatory == null ? current.mandatory() : mandatory);
    audit.record(who, "update", RESOURCE, id.toString(), facts(current), facts(updated));
    return updated;
  }

  /** Opt-outs of it stand: one that is made again under the name has them. */
  @Transactional
  public void delete(Identity who, UUID id, @Nullable String ifMatch) {
    Category category = locked(who, id);
    EntityTag.require(ifMatch, category.version());
    categories.delete(id);
    audit.record(who, "delete", RESOURCE, id.toString(), facts(category), null);
  }

  private Category locked(Identity who, UUID id) {
    return categories
        .find(who.tenant(), id, true)
        .orElseThrow(() -> ProblemException.notFound(RESOURCE, id));
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  private static Map<String, Object> facts(Category category) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", category.name());
    facts.put("title", category.title());
    facts.put("mandatory", category.mandatory());
    return facts;
  }
}
