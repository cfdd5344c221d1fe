package io.fanfare.audience.contact;

import io.fanfare.support.problem.FieldProblem;
import java.util.ArrayList;
import java.util.List;

/** Which texts are addresses, by the rules of contacts. */
public final class ContactAddresses {

  private ContactAddresses() {}

  /** Whether a contact may have it as its e-mail address. */
  public static boolean isEmail(String text) {
    List<FieldProblem> problems = new ArrayList<>();
    ContactReader.read(ContactJson.empty().put("email", text), "", problems);
    return problems.isEmpty();
  }
}
