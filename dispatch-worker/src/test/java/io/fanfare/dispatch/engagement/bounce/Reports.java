package io.fanfare.dispatch.engagement.bounce;

import java.nio.charset.StandardCharsets;

/** Reports of the shapes that mail systems write. */
public final class Reports {

  private Reports() {}

  /** As Postfix writes it; what came back is whole. */
  public static String postfix(String to, String action, String status, String diagnostic) {
    return """
    Return-Path: <>
    Delivered-To: %1$s
    Received: by mx.example.net (Postfix) id 4XyZ; Mon, 23 Nov 2026 07:00:03 +0000 (UTC)
    Date: Mon, 23 Nov 2026 07:00:03 +0000 (UTC)
    From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
    Subject: Undelivered Mail Returned to Sender
    To: %1$s
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status;
    	boundary="4XyZ.1763881203/mx.example.net"
    Message-Id: <20261123070003.4XyZ@mx.example.net>

    This is a MIME-encapsulated message.

    --4XyZ.1763881203/mx.example.net
    Content-Description: Notification
    Content-Type: text/plain; charset=us-ascii

    This is the mail system at host mx.example.net.

    <ada@example.org>: host mail.example.org[192.0.2.1] said: no

    --4XyZ.1763881203/mx.example.net
    Content-Description: Delivery report
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.example.net
    X-Postfix-Queue-ID: 4XyZ
    X-Postfix-Sender: rfc822; %1$s
    Arrival-Date: Mon, 23 Nov 2026 07:00:02 +0000 (UTC)

    Final-Recipient: rfc822; ada@example.org
    Original-Recipient: rfc822;ada@example.org
    Action: %2$s
    Status: %3$s
    Remote-MTA: dns; mail.example.org
    Diagnostic-Code: %4$s

    --4XyZ.1763881203/mx.example.net
    Content-Description: Undelivered Message
    Content-Type: message/rfc822

    Return-Path: <%1$s>
    From: News <news@example.com>
    To: ada@example.org
    Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
    MIME-Version: 1.0
    Content-Type: multipart/alternative; boundary=inner

    --inner
    Content-Type: text/plain

    Hello
    --inner--

    --4XyZ.1763881203/mx.example.net--
    """
        .formatted(to, action, status, diagnostic)
        .replace("\n", "\r\n");
  }

  /** As Exchange writes it: a bare report of headers alone, recipients in mixed case. */
  static String exchange(String to) {
    return """
    From: <postmaster@contoso.example>
    To: <%1$s>
    Subject: Undeliverable: Hello
    Content-Type: multipart/report; report-type=delivery-status; boundary="_b1_"
    MIME-Version: 1.0

    --_b1_
    Content-Type: multipart/alternative; differences=Content-Type; boundary="_b2_"

    --_b2_
    Content-Type: text/plain; charset="utf-8"
    Content-Transfer-Encoding: base64

    WW91ciBtZXNzYWdlIGNvdWxkbid0IGJlIGRlbGl2ZXJlZC4=

    --_b2_--

    --_b1_
    Content-Type: message/delivery-status

    Reporting-MTA: dns;VI1PR01.contoso.example
    Received-From-MTA: dns;mail.example.com
    Arrival-Date: Mon, 23 Nov 2026 07:00:02 +0000

    Final-Recipient: rfc822;Ada@Contoso.example
    Action: failed
    Status: 5.1.10
    Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient Ada@Contoso.example not found
     by SMTP address lookup
    X-Display-Name: Ada

    --_b1_
    Content-Type: text/rfc822-headers

    Return-Path: <%1$s>
    Subject: Hello

    --_b1_--
    """
        .formatted(to)
        .replace("\n", "\r\n");
  }

  /** As Gmail writes it; only the message that came back tells where bounces go. */
  static String gmail(String returnPath) {
    return """
    From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
    To: someone-else@example.com
    Auto-Submitted: auto-replied
    Subject: Delivery Status Notification (Failure)
    Content-Type: multipart/report; boundary="000000000000a1"; report-type=delivery-status

    --000000000000a1
    Content-Type: multipart/related; boundary="000000000000a2"

    --000000000000a2
    Content-Type: text/html; charset="UTF-8"
    Content-Transfer-Encoding: quoted-printable

    <html><b>Address not found</b>=20</html>
    --000000000000a2
    Content-Type: image/png; name="icon.png"
    Content-Transfer-Encoding: base64
    Content-ID: <icon.png>

    iVBORw0KGgo=
    --000000000000a2--
    --000000000000a1
    Content-Type: message/delivery-status

    Reporting-MTA: dns; googlemail.com
    Arrival-Date: Sun, 22 Nov 2026 23:00:01 -0800 (PST)

    Final-Recipient: rfc822; ada@gmail.example
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; gmail-smtp-in.l.google.example. (192.0.2.26, the server for the domain gmail.example.)
    Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
     550-5.1.1 double-checking the recipient's email address for typos or
     550 5.1.1 unnecessary spaces.
    Last-Attempt-Date: Sun, 22 Nov 2026 23:00:02 -0800 (PST)

    --000000000000a1
    Content-Type: message/rfc822

    Return-Path: <%s>
    Subject: Hello

    ----- Message truncated -----
    """
        .formatted(returnPath)
        .replace("\n", "\r\n");
  }

  /** A complaint of a feedback loop (RFC 5965). */
  public static String complaint(String originalMailFrom, String type) {
    return """
    From: <feedback@isp.example>
    Date: Mon, 23 Nov 2026 09:00:00 +0000
    Subject: FW: Hello
    To: <abuse@example.com>
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=feedback-report; boundary="part1"

    --part1
    Content-Type: text/plain; charset="US-ASCII"

    This is an email abuse report.
    --part1
    Content-Type: message/feedback-report

    Feedback-Type: %2$s
    User-Agent: SomeGenerator/1.0
    Version: 1
    Original-Mail-From: <%1$s>
    Original-Rcpt-To: <ada@example.org>
    Source-IP: 192.0.2.1

    --part1
    Content-Type: message/rfc822
    Content-Disposition: inline

    From: <news@example.com>
    To: <ada@example.org>
    Subject: Hello

    Hello
    --part1--
    """
        .formatted(originalMailFrom, type)
        .replace("\n", "\r\n");
  }

  public static byte[] bytes(String report) {
    return report.getBytes(StandardCharsets.UTF_8);
  }
}
