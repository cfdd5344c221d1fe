package io.fanfare.benchmark.asking;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Something to ask.
 *
 * @param name for people
 * @param path with its query
 * @param accept the form of the answer
 */
record Question(String name, String path, String accept) {

  private static final String JSON = "application/json";
  private static final String CSV = "text/csv";

  /** Every operation, with every step and part a series may have. */
  static List<Question> all(UUID large, Instant start, List<UUID> others) {
    String broadcast = "/api/v1/broadcasts/" + large;
    String series = broadcast + "/timeseries?kind=";
    Instant day = start.plus(Duration.ofDays(2));
    String ids = others.stream().limit(19).map(UUID::toString).collect(Collectors.joining(","));
    List<Question> questions = new ArrayList<>();
    json(questions, "stats", broadcast + "/stats");
    for (String kind : List.of("clicked", "opened", "sent")) {
      for (String step : List.of("minute", "hour")) {
        json(questions, "timeseries " + kind + " " + step, series + kind + "&step=" + step);
      }
    }
    json(
        questions,
        "timeseries clicked minute, a day",
        series + "clicked&from=" + day + "&to=" + day.plus(Duration.ofDays(1)));
    String hour = series + "clicked&step=hour";
    json(questions, "timeseries of a segment", hour + "&segment=2");
    json(questions, "timeseries of a channel", hour + "&channel=email");
    json(questions, "timeseries of a variant", hour + "&variant=b");
    json(questions, "timeseries of a link", hour + "&variant=b&channel=email&link=3");
    json(questions, "links", broadcast + "/links");
    json(questions, "segments", broadcast + "/segments");
    json(questions, "top by click_rate", "/api/v1/analytics/top?by=click_rate");
    json(questions, "top by opened, 200", "/api/v1/analytics/top?by=opened&limit=200");
    json(questions, "compare 20", "/api/v1/analytics/compare?broadcasts=" + large + "," + ids);
    json(questions, "cohorts", "/api/v1/analytics/cohorts?kind=clicked&days=90");
    json(questions, "heatmap", "/api/v1/analytics/heatmap?broadcast=" + large);
    json(questions, "heatmap of 90 days", "/api/v1/analytics/heatmap?kind=opened");
    for (Question question : List.copyOf(questions)) {
      if (!question.name.contains("minute, a day") && !question.name.contains(" of a ")) {
        questions.add(new Question(question.name + ", CSV", question.path, CSV));
      }
    }
    return questions;
  }

  private static void json(List<Question> questions, String name, String path) {
    questions.add(new Question(name, path, JSON));
  }
}
