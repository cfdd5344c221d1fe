package io.fanfare.dispatch.channel.email;

import io.fanfare.contract.content.MessageContent;
import io.fanfare.contract.send.SendMessage;
import io.fanfare.dispatch.channel.BroadcastFacts;
import io.fanfare.dispatch.channel.CompiledContent;
import io.fanfare.dispatch.channel.ContentRefused;
import io.fanfare.dispatch.channel.PreparedMessage;
import io.fanfare.dispatch.engagement.link.TrackedContent;
import io.fanfare.dispatch.engagement.token.BounceTokens;
import io.fanfare.template.CompiledTemplate;
import io.fanfare.template.Escaping;
import io.fanfare.template.TemplateEngine;
import io.fanfare.template.TemplateRenderException;
import io.fanfare.template.TemplateSyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail content ready for rendering: a skeleton and its templates. Gives the bytes of one
 * recipient's message; all texts are rendered whole before any of them is encoded.
 */
final class EmailContent implements CompiledContent {

  private final MessageSkeleton skeleton;
  private final Mailbox from;
  private final @Nullable Mailbox replyTo;
  private final ReturnPath returnPath;
  private final CompiledTemplate subject;
  private final @Nullable CompiledTemplate text;
  private final @Nullable CompiledTemplate html;
  private final Map<MessageSkeleton.Slot, BodyEncoding> encodings;
  private final String messageIdStart;
  private final String messageIdEnd;
  private final @Nullable DkimSigner dkim;
  private final MailDate date = new MailDate();
  private final TrackedContent tracked;
  private final byte[] relaxedFiles;

  private EmailContent(
      MessageContent.Email content,
      TrackedContent tracked,
      SmtpAccount account,
      @Nullable DkimSigner dkim,
      BroadcastFacts facts,
      @Nullable BounceTokens bounceTokens,
      TemplateEngine engine,
      List<MailFile> files) {
    this.dkim = dkim;
    this.tracked = tracked;
    from = account.from();
    replyTo = account.replyTo();
    returnPath = ReturnPath.of(account, facts, bounceTokens);
    subject = engine.compile(content.subject(), Escaping.NONE);
    text = content.text() == null ? null : engine.compile(content.text(), Escaping.NONE);
    html = content.html() == null ? null : engine.compile(content.html(), Escaping.HTML);
    encodings = new EnumMap<>(MessageSkeleton.Slot.class);
    if (content.text() != null) {
      encodings.put(MessageSkeleton.Slot.TEXT, BodyEncoding.of(content.text()));
    }
    if (content.html() != null) {
      encodings.put(MessageSkeleton.Slot.HTML, BodyEncoding.of(content.html()));
    }
    skeleton = MessageSkeleton.make(encodings, replyTo != null, facts.broadcastId(), files);
    relaxedFiles = dkim == null ? new byte[0] : skeleton.relaxedFiles();
    messageIdStart = "<" + facts.broadcastId() + ".";
    messageIdEnd = from.address().substring(from.address().indexOf('@')) + ">";
  }

  /**
   * Compiles a content for an account.
   *
   * @param dkim signs the messages; null when they are not signed here
   * @throws ContentRefused when it has no body, a template is wrong or the account has no sender
   */
  static EmailContent compile(
      MessageContent.Email content,
      SmtpAccount account,
      @Nullable DkimSigner dkim,
      BroadcastFacts facts,
      TemplateEngine engine) {
    return compile(
        TrackedContent.untracked(content), account, dkim, facts, null, engine, List.of());
  }

  /**
   * The same for a content whose links are tracked.
   *
   * @param files the bytes of its files, in its order
   * @param bounceTokens for the envelope's sender; null where it has none
   */
  static EmailContent compile(
      TrackedContent tracked,
      SmtpAccount account,
      @Nullable DkimSigner dkim,
      BroadcastFacts facts,
      @Nullable BounceTokens bounceTokens,
      TemplateEngine engine,
      List<byte[]> files) {
    if (!(tracked.content() instanceof MessageContent.Email content)) {
      throw new ContentRefused("the content is no e-mail");
    }
    if (content.text() == null && content.html() == null) {
      throw new ContentRefused("the e-mail has neither a text nor an HTML body");
    }
    try {
      List<MailFile> mailFiles = new ArrayList<>();
      for (byte[] bytes : files) {
        mailFiles.add(new MailFile(content.media().get(mailFiles.size()), bytes));
      }
      return new EmailContent(
          content, tracked, account, dkim, facts, bounceTokens, engine, mailFiles);
    } catch (TemplateSyntaxException wrong) {
      throw new ContentRefused(
          "line " + wrong.line() + ", column " + wrong.column() + ": " + wrong.getMessage(), wrong);
    }
  }

  /**
   * Makes one recipient's message; its address must be sendable, its link to unsubscribe usable.
   *
   * @param work a buffer to work in
   * @throws TemplateRenderException when a template does not render with the message's data
   */
  BuiltEmail build(PreparedMessage prepared, Instant now, MessageBytes work) {
    PreparedMessage message = tracked.prepared(prepared, now);
    String renderedSubject = subject.render(message.data());
    String renderedText = text == null ? "" : text.render(message.data());
    String renderedHtml = html == null ? "" : html.render(message.data());
    skeleton.write(
        work.clear(),
        (slot, column, to) -> {
          switch (slot) {
            case FROM -> from.appendTo(to, column);
            case REPLY_TO -> {
              if (replyTo != null) {
                replyTo.appendTo(to, column);
              }
            }
            case TO -> new Mailbox(nameOf(message), message.address()).appendTo(to, column);
            case SUBJECT -> HeaderText.unstructured(renderedSubject, column, to);
            case MESSAGE_ID -> messageId(message.command(), to);
            case DATE -> to.put(date.at(now));
            case LIST_UNSUBSCRIBE -> UnsubscribeHeader.append(message, to);
            case TEXT -> encode(slot, renderedText, to);
            case HTML -> encode(slot, renderedHtml, to);
          }
        });
    byte[] bytes = dkim == null ? work.copy() : dkim.signed(work, relaxedFiles, now);
    String sender = returnPath.of(message.command().contactId(), message.address());
    return new BuiltEmail(sender, message.address(), bytes, skeleton.files());
  }

  @Override
  public int fileBytes() {
    return skeleton.files().length + relaxedFiles.length;
  }

  private void encode(MessageSkeleton.Slot slot, String rendered, MessageBytes to) {
    encodings.getOrDefault(slot, BodyEncoding.QUOTED_PRINTABLE).encode(rendered, to);
  }

  /** The same for every issue, so that a receiver can recognise a repeated message. */
  private void messageId(SendMessage command, MessageBytes to) {
    to.ascii(messageIdStart)
        .ascii(Long.toString(command.contactId(), Character.MAX_RADIX))
        .ascii(messageIdEnd);
  }

  /** The contact's name where the content uses it; commands carry no field the content does not. */
  private static String nameOf(PreparedMessage message) {
    return message.data().get("contact") instanceof Map<?, ?> contact
            && contact.get("name") instanceof String name
            && name.getBytes(StandardCharsets.UTF_8).length <= Mailbox.MAX_NAME_BYTES
        ? name
        : "";
  }
}
