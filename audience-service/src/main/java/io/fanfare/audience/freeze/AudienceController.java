package io.fanfare.audience.freeze;

import io.fanfare.audience.run.BroadcastRun;
import io.fanfare.audience.run.RunRepository;
import io.fanfare.contract.broadcast.Audience;
import io.fanfare.support.identity.Identity;
import io.fanfare.support.page.Cursors;
import io.fanfare.support.page.Page;
import io.fanfare.support.page.PageRequest;
import io.fanfare.support.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who was in a segment when a broadcast was sent to it, over REST. */
@RestController
@RequestMapping("/api/v1/broadcasts/{id}/audience")
@Tag(name = "Broadcasts")
class AudienceController {

  private static final String EXAMPLE_ID = "018f0000-0000-7000-8000-000000000001";

  private final RunRepository runs;
  private final AudienceMemberRepository members;

  AudienceController(RunRepository runs, AudienceMemberRepository members) {
    this.runs = runs;
    this.members = members;
  }

  @GetMapping
  @Operation(
      summary = "The lists and segments of a broadcast",
      description =
          "As they were when its audience was frozen, whatever became of them since. 404"
              + " `broadcast_not_found` until it has started; a broadcast of single messages has"
              + " none.")
  AudienceMembers audience(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id) {
    Audience audience = find(who, id);
    Map<Integer, Long> contacts = members.counts(id);
    List<AudienceMembers.Part> parts = new ArrayList<>();
    for (int i = 0; i < audience.include().size(); i++) {
      parts.add(part(i + 1, audience.include().get(i), contacts));
    }
    for (int i = 0; i < audience.exclude().size(); i++) {
      parts.add(part(-(i + 1), audience.exclude().get(i), contacts));
    }
    return new AudienceMembers(parts);
  }

  @GetMapping("/members")
  @Operation(
      summary = "Who was in a segment of a broadcast",
      description =
          "The contacts, by id, that were in a part when the audience was frozen; of an excluded"
              + " part those that another part includes. Erased contacts are still named by their"
              + " id. What an included list had is in its own history: its page is empty.")
  Page<AudienceMembers.Member> members(
      @Parameter(hidden = true) Identity who,
      @Parameter(example = EXAMPLE_ID) @PathVariable UUID id,
      @Parameter(description = "The number of the part", example = "1")
          @RequestParam(defaultValue = "1")
          int part,
      PageRequest page) {
    find(who, id);
    long[] after = after(page);
    return Page.of(
        members.page(id, part, after[0], after[1], page.limitPlusOne()),
        page.limit(),
        member -> Cursors.encode(member.row(), member.position()));
  }

  private Audience find(Identity who, UUID id) {
    return runs.find(id)
        .filter(run -> run.tenantId().equals(who.tenant()))
        .map(BroadcastRun::control)
        .map(control -> control.audience())
        .orElseThrow(() -> ProblemException.notFound("broadcast", id));
  }

  private static AudienceMembers.Part part(
      int number, Audience.Part part, Map<Integer, Long> contacts) {
    return new AudienceMembers.Part(number, part.kind(), part.id(), contacts.get(number));
  }

  private static long[] after(PageRequest page) {
    if (page.after() == null) {
      return new long[] {0, 0};
    }
    List<String> parts = Cursors.decode(page.after(), 2);
    try {
      return new long[] {Long.parseLong(parts.getFirst()), Long.parseLong(parts.getLast())};
    } catch (NumberFormatException e) {
      throw ProblemException.invalid("after", "is not a cursor of this collection");
    }
  }
}
