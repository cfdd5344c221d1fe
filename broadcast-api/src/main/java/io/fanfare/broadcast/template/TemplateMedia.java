package io.fanfare.broadcast.template;

import io.fanfare.broadcast.media.MediaChecks;
import io.fanfare.broadcast.template.TemplateReport.Finding;
import io.fanfare.support.identity.Identity;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Says of a template's files what a start would say of them now. */
@Component
class TemplateMedia {

  private final MediaChecks checks;

  TemplateMedia(MediaChecks checks) {
    this.checks = checks;
  }

  /** The report with a warning for each file that cannot be sent. */
  TemplateReport checked(Identity who, TemplateChannels channels, TemplateReport report) {
    return report.valid()
        ? new TemplateReport(
            true, report.errors(), report.variables(), with(who, channels, report.warnings()))
        : report;
  }

  /** The preview with the same warnings. */
  TemplatePreview previewed(Identity who, TemplatePreview preview) {
    return new TemplatePreview(
        preview.channels(), with(who, preview.channels(), preview.warnings()));
  }

  private List<Finding> with(Identity who, TemplateChannels channels, List<Finding> warnings) {
    List<Finding> all = new ArrayList<>(warnings);
    checks
        .warnings(who.tenant(), channels.media())
        .forEach(problem -> all.add(new Finding(problem.pointer(), problem.detail())));
    return all;
  }
}
