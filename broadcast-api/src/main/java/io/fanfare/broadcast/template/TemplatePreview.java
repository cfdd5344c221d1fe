package io.fanfare.broadcast.template;

import io.fanfare.broadcast.template.TemplateReport.Finding;
import java.util.List;

/**
 * How a template looks to a contact.
 *
 * @param channels the rendered texts, in the form of the template's own
 * @param warnings what a provider may refuse
 */
public record TemplatePreview(TemplateChannels channels, List<Finding> warnings) {}
