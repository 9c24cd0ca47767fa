#include <algorithm>
#include <memory>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/requirements.hpp>
#include <cmcctl/codec/text.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "commands/control_guide.hpp"
#include "suggest.hpp"
#include "text.hpp"

namespace cmcctl::cli {
namespace {

using Json = nlohmann::ordered_json;

enum class Kind { control, oid, status, fail_info, skd_fail_info, crl_reason, exit_code, rule };

struct KindInfo {
  Kind kind;
  std::string_view name;            ///< as shown: "CMCStatus 3"
  std::string_view list;            ///< word that lists all of them
  std::vector<std::string> scopes;  ///< words that may stand before a number or name
};

const std::vector<KindInfo>& kinds() {
  static const std::vector<KindInfo> all{
      {Kind::control, "id-cmc", "controls", {"control", "controls", "id-cmc"}},
      {Kind::oid, "OID", "oids", {"oid", "oids"}},
      {Kind::status, "CMCStatus", "status", {"status", "cmcstatus"}},
      {Kind::fail_info, "CMCFailInfo", "failinfo", {"failinfo", "cmcfailinfo"}},
      {Kind::skd_fail_info, "SKDFailInfo", "skdfailinfo", {"skdfailinfo"}},
      {Kind::crl_reason, "CRLReason", "crlreason", {"crlreason", "crlreasons", "crl-reasons", "reason"}},
      {Kind::exit_code, "exit code", "exit-codes", {"exit", "exit-code", "exit-codes"}},
      {Kind::rule, "rule", "rules", {"rule", "rules"}},
  };
  return all;
}

const KindInfo& info(Kind kind) { return *std::ranges::find(kinds(), kind, &KindInfo::kind); }

struct Field {
  std::string_view key;    ///< in JSON
  std::string_view label;  ///< in text
  std::string value;
};

/// One thing that can be explained.
struct Topic {
  Kind kind{};
  std::string name;
  std::string number;  ///< "25" of id-cmc 25; empty for rules and most OIDs
  std::string oid;
  std::string summary;
  std::vector<Field> fields{};

  void add(std::string_view key, std::string_view label, std::string_view value) {
    if (!value.empty()) fields.push_back({key, label, std::string(value)});
  }
};

// --- What there is to explain ----------------------------------------------------------------------------------------

/// "RFC 10002 section 6.6" for "10002 §6.6" and "RFC 10002 §6.6".
std::string plain_reference(std::string_view reference) {
  std::string text(reference);
  constexpr std::string_view sign = "§";
  for (auto at = text.find(sign); at != std::string::npos; at = text.find(sign, at)) {
    text.replace(at, sign.size(), "section ");
  }
  const bool number_first = !text.empty() && text[0] >= '0' && text[0] <= '9';
  return number_first ? "RFC " + text : text;
}

std::string rules_of(std::string_view reference) {
  std::string ids;
  for (const Requirement& rule : requirements()) {
    if (plain_reference(rule.current_reference) != reference) continue;
    if (!ids.empty()) ids += ' ';
    ids += rule.id;
  }
  return ids;
}

Topic topic_of(const OidEntry& entry) {
  Topic topic{Kind::oid, std::string(entry.name), "", std::string(entry.dotted), std::string(entry.note)};
  topic.add("kind", "kind", entry.kind);
  topic.add("note", "note", entry.note);
  topic.add("reference", "reference", entry.reference);
  return topic;
}

Topic topic_of(const ControlGuide& guide) {
  const std::string number = std::to_string(guide.number);
  const OidEntry& entry = *find_oid("1.3.6.1.5.5.7.7." + number);
  Topic topic{Kind::control, std::string(entry.name), number, std::string(entry.dotted), std::string(guide.does)};
  topic.add("type", "type", entry.note == guide.value ? "" : entry.note);
  topic.add("value", "value", guide.value);
  topic.add("where", "stands in", guide.where);
  topic.add("howOften", "how often", guide.how_often);
  topic.add("goesWith", "goes with", guide.goes_with);
  topic.add("reference", "reference", entry.reference);
  topic.add("rules", "rules", rules_of(entry.reference));
  return topic;
}

Topic topic_of(Kind kind, const NamedNumber& number) {
  Topic topic{kind, std::string(number.name), std::to_string(number.value), "", std::string(number.meaning)};
  topic.add("reference", "reference", number.reference);
  return topic;
}

std::string_view in_words(std::string_view code, std::span<const std::pair<std::string_view, std::string_view>> words) {
  const auto word = std::ranges::find(words, code, &std::pair<std::string_view, std::string_view>::first);
  return word != words.end() ? word->second : code;
}

std::string_view level_in_words(std::string_view level) {
  return level == "DEF" ? "DEF (follows from the ASN.1 or from a definition)" : level;
}

std::string_view edition_in_words(std::string_view edition) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"B", "RFC 5272 and RFC 10002"},
      {"O", "RFC 5272 only; dropped in RFC 10002"},
      {"N", "RFC 10002 only"},
      {"P", "optional profile"}};
  return in_words(edition, words);
}

std::string_view message_in_words(std::string_view message) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"req", "request"}, {"rsp", "response"}, {"any", "request and response"}, {"xport", "transport"}};
  return in_words(message, words);
}

std::string_view check_in_words(std::string_view check) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"S", "one message alone"},          {"K", "one message with its keys, certificates or shared secret"},
      {"P", "a request and its response"}, {"X", "a whole transaction"},
      {"T", "what the transport carried"}, {"L", "a live implementation only"}};
  return in_words(check, words);
}

Topic topic_of(const Requirement& rule) {
  Topic topic{Kind::rule, std::string(rule.id), "", "", std::string(rule.statement)};
  topic.add("level", "level", level_in_words(rule.level));
  topic.add("who", "who", rule.who);
  topic.add("message", "message", message_in_words(rule.message));
  topic.add("violation", "violation", rule.violation);
  topic.add("check", "seen in", check_in_words(rule.check));
  topic.add("edition", "edition", edition_in_words(rule.edition));
  topic.add("reference", "reference", plain_reference(rule.reference));
  const bool moved = rule.current_reference != "-" && rule.current_reference != rule.reference;
  topic.add("currentReference", "today", moved ? plain_reference(rule.current_reference) : "");
  topic.add("group", "group", rule.group);
  return topic;
}

void add_numbers(std::vector<Topic>& topics, Kind kind, std::span<const NamedNumber> numbers) {
  for (const NamedNumber& number : numbers) topics.push_back(topic_of(kind, number));
}

std::vector<Topic> all_topics() {
  std::vector<Topic> topics;
  for (const ControlGuide& guide : control_guides()) topics.push_back(topic_of(guide));
  add_numbers(topics, Kind::status, cmc_status_names());
  add_numbers(topics, Kind::fail_info, cmc_fail_info_names());
  add_numbers(topics, Kind::skd_fail_info, skd_fail_info_names());
  add_numbers(topics, Kind::crl_reason, crl_reason_names());
  add_numbers(topics, Kind::exit_code, exit_code_names());
  const std::size_t controls = control_guides().size();
  for (const OidEntry& entry : oid_entries()) {
    const bool has_guide =
        std::ranges::any_of(std::span(topics).first(controls), [&](const Topic& t) { return t.oid == entry.dotted; });
    if (!has_guide) topics.push_back(topic_of(entry));
  }
  for (const Requirement& rule : requirements()) topics.push_back(topic_of(rule));
  return topics;
}

// --- Looking words up ------------------------------------------------------------------------------------------------

struct Query {
  std::string words;        ///< as the user wrote it
  const KindInfo* scope{};  ///< only this kind, or null
  std::string word;         ///< empty: list the whole kind
};

struct Answer {
  std::string words;
  Kind kind{};  ///< of the list
  bool is_list = false;
  std::vector<const Topic*> topics{};
  std::vector<std::string> nearest{};
};

bool is_number(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether `word` is the rule's id or the beginning of it up to a whole number: CMC-5272-6.1 is none of 6.11.
bool begins_rule_id(std::string_view id, std::string_view word) {
  std::string beginning = to_lower(word);
  if (!beginning.starts_with("cmc-")) beginning = "cmc-" + beginning;
  if (!to_lower(id).starts_with(beginning)) return false;
  const bool at_end = beginning.size() == id.size();
  return at_end || !is_number(id.substr(beginning.size(), 1)) || beginning.back() == '-' || beginning.back() == '.';
}

/// A short beginning such as "5" would be a number first of all.
bool looks_like_rule_id(std::string_view word) {
  return to_lower(word).starts_with("cmc-") ||
         (word.size() > 4 && word[0] >= '1' && word[0] <= '9' && word.find('-') != std::string_view::npos);
}

bool matches(const Topic& topic, std::string_view word, const OidEntry* named) {
  if (topic.kind == Kind::rule) return looks_like_rule_id(word) && begins_rule_id(topic.name, word);
  if (is_number(word)) return topic.number == word;
  return to_lower(topic.name) == to_lower(word) || topic.oid == word ||
         (named != nullptr && topic.oid == named->dotted);
}

std::vector<const Topic*> find(const std::vector<Topic>& topics, const KindInfo* scope, std::string_view word) {
  const OidEntry* named = find_oid_by_name(word);
  std::vector<const Topic*> found;
  for (const Topic& topic : topics) {
    const bool in_scope = scope == nullptr || scope->kind == topic.kind;
    if (in_scope && matches(topic, word, named)) found.push_back(&topic);
  }
  return found;
}

bool is_name(const std::vector<Topic>& topics, std::string_view word) {
  return std::ranges::any_of(topics, [&](const Topic& topic) { return to_lower(topic.name) == to_lower(word); });
}

std::vector<std::string> split_at_blanks(const std::vector<std::string>& arguments) {
  std::vector<std::string> words;
  for (const std::string& argument : arguments) {
    std::istringstream stream(argument);
    for (std::string word; stream >> word;) words.push_back(word);
  }
  return words;
}

const KindInfo* find_scope(std::string_view word) {
  const auto scope = std::ranges::find_if(
      kinds(), [&](const KindInfo& kind) { return std::ranges::count(kind.scopes, to_lower(word)) > 0; });
  return scope != kinds().end() ? &*scope : nullptr;
}

/// "failInfo 7" is one question, "badIdentity 7" are two, and "failInfo" alone asks for the list.
std::vector<Query> queries_of(const std::vector<std::string>& words, const std::vector<Topic>& topics) {
  std::vector<Query> queries;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const KindInfo* scope = find_scope(words[i]);
    const bool has_next = i + 1 < words.size();
    if (scope != nullptr && has_next && (is_number(words[i + 1]) || !find(topics, scope, words[i + 1]).empty())) {
      queries.push_back({words[i] + " " + words[i + 1], scope, words[i + 1]});
      ++i;
    } else if (scope != nullptr && !is_name(topics, words[i])) {
      queries.push_back({words[i], scope, ""});
    } else {
      queries.push_back({words[i], nullptr, words[i]});
    }
  }
  return queries;
}

std::vector<std::string> names_like(std::string_view word, const std::vector<Topic>& topics) {
  if (is_number(word)) return {};
  std::vector<std::string> names;
  for (const Topic& topic : topics) names.push_back(topic.name);
  for (const KindInfo& kind : kinds()) names.emplace_back(kind.list);
  return nearest(word, names);
}

std::vector<const Topic*> of_kind(const std::vector<Topic>& topics, Kind kind) {
  std::vector<const Topic*> found;
  for (const Topic& topic : topics) {
    if (topic.kind == kind) found.push_back(&topic);
  }
  return found;
}

/// Controls included, which are topics of another kind.
std::vector<const Topic*> in_order_of_oids(const std::vector<Topic>& topics) {
  std::vector<const Topic*> found;
  for (const OidEntry& entry : oid_entries()) {
    found.push_back(&*std::ranges::find(topics, entry.dotted, &Topic::oid));
  }
  return found;
}

Answer answer(const Query& query, const std::vector<Topic>& topics) {
  Answer result{query.words};
  if (query.word.empty()) {
    result.is_list = true;
    result.kind = query.scope->kind;
    result.topics = query.scope->kind == Kind::oid ? in_order_of_oids(topics) : of_kind(topics, query.scope->kind);
    return result;
  }
  result.topics = find(topics, query.scope, query.word);
  const bool several_rules = result.topics.size() > 1 && result.topics[0]->kind == Kind::rule;
  result.is_list = several_rules;
  result.kind = Kind::rule;
  if (result.topics.empty()) result.nearest = names_like(query.word, topics);
  return result;
}

// --- Showing ---------------------------------------------------------------------------------------------------------

std::string title(const Topic& topic) {
  std::string text = topic.name;
  if (topic.kind == Kind::oid) {
    text += "   " + topic.oid;
  } else if (topic.kind == Kind::control) {
    text += "   id-cmc " + topic.number + ", " + topic.oid;
  } else if (!topic.number.empty()) {
    text += "   " + std::string(info(topic.kind).name) + " " + topic.number;
  }
  return text;
}

void print_in_full(const Topic& topic, std::ostream& out) {
  constexpr std::size_t value_column = 13;
  out << title(topic) << '\n';
  if (topic.kind != Kind::oid) out << wrapped("", 2, topic.summary);
  for (const Field& field : topic.fields) {
    out << wrapped("  " + std::string(field.label), value_column, field.value);
  }
}

void print_oid_line(const Topic& topic, std::ostream& out) {
  const std::string_view kind = find_oid(topic.oid)->kind;
  out << wrapped("  " + topic.oid, 36, topic.name + " (" + std::string(kind) + ")");
}

void print_number_line(const Topic& topic, std::ostream& out) {
  const std::string padding(4 - std::min<std::size_t>(4, topic.number.size()), ' ');
  out << wrapped("  " + padding + topic.number + "  " + topic.name, 32, topic.summary);
}

void print_rules(const Answer& answer, std::ostream& out) {
  std::string_view group;
  for (const Topic* topic : answer.topics) {
    const Requirement& rule = *find_requirement(topic->name);
    if (rule.group != group) {
      if (!group.empty()) out << '\n';
      group = rule.group;
      out << group << '\n';
    }
    out << "  " << rule.id << '\n' << wrapped("", 4, std::string(rule.level) + ": " + topic->summary);
  }
}

void print_list(const Answer& answer, std::ostream& out) {
  if (answer.kind == Kind::rule) {
    print_rules(answer, out);
    return;
  }
  for (const Topic* topic : answer.topics) {
    answer.kind == Kind::oid ? print_oid_line(*topic, out) : print_number_line(*topic, out);
  }
}

void print(const Answer& answer, std::ostream& out) {
  if (answer.is_list) {
    print_list(answer, out);
    return;
  }
  for (const Topic* topic : answer.topics) {
    if (topic != answer.topics.front()) out << '\n';
    print_in_full(*topic, out);
  }
}

/// The last known number above an unknown one: "below id-cmc (1.3.6.1.5.5.7.7)".
std::string place_in_tree(std::string dotted) {
  while (dotted.find('.') != std::string::npos) {
    dotted.resize(dotted.rfind('.'));
    if (const OidEntry* above = find_oid(dotted)) {
      return ", a number below " + std::string(above->name) + " (" + std::string(above->dotted) + ")";
    }
  }
  return {};
}

bool is_dotted(std::string_view word) {
  return word.find('.') != std::string_view::npos &&
         std::ranges::all_of(word, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

void print_unknown(const Answer& answer, std::ostream& err) {
  const std::string place = is_dotted(answer.words) ? place_in_tree(answer.words) : "";
  err << "cmcctl explain: nothing known about '" << escape(answer.words) << "'" << place
      << did_you_mean(answer.nearest) << '\n';
}

Json to_json(const Topic& topic) {
  Json json{{"topic", info(topic.kind).name}, {"name", topic.name}};
  if (!topic.number.empty()) json["number"] = std::stoi(topic.number);
  if (!topic.oid.empty()) json["oid"] = topic.oid;
  if (!topic.summary.empty()) json["summary"] = topic.summary;
  for (const Field& field : topic.fields) json[std::string(field.key)] = field.value;
  return json;
}

Json to_json(const Answer& answer) {
  Json json{{"words", answer.words}, {"topics", Json::array()}};
  for (const Topic* topic : answer.topics) json["topics"].push_back(to_json(*topic));
  if (answer.topics.empty()) json["nearest"] = answer.nearest;
  return json;
}

void print_json(const std::vector<Answer>& answers, std::ostream& out) {
  Json json{{"schema", 1}, {"answers", Json::array()}};
  for (const Answer& answer : answers) json["answers"].push_back(to_json(answer));
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

// --- The command -----------------------------------------------------------------------------------------------------

struct ExplainOptions {
  std::vector<std::string> words;
};

ExitCode run_explain(const ExplainOptions& options, const Globals& globals) {
  const std::vector<Topic> topics = all_topics();
  std::vector<Answer> answers;
  for (const Query& query : queries_of(split_at_blanks(options.words), topics))
    answers.push_back(answer(query, topics));

  if (globals.json) print_json(answers, globals.io.out);
  bool first = true;
  ExitCode code = ExitCode::ok;
  for (const Answer& answer : answers) {
    if (answer.topics.empty()) {
      code = ExitCode::no;
      if (!globals.json) print_unknown(answer, globals.io.err);
    } else if (!globals.json) {
      if (!first) globals.io.out << '\n';
      print(answer, globals.io.out);
      first = false;
    }
  }
  return code;
}

}  // namespace

void register_explain(Command app, Globals& globals) {
  const Command command = app.add_subcommand("explain", "Say what an OID, control, status, rule or exit code means");
  auto options = std::make_shared<ExplainOptions>();
  command
      .add_option("words", options->words,
                   "OID, name, 'failInfo 7', rule id or the beginning of one,\n"
                   "or a list: controls, status, failinfo, skdfailinfo, crlreason,\n"
                   "oids, exit-codes, rules")
      .type_name("WORD")
      .required();
  add_json_option(command, globals);
  set_action(command, globals, [&globals, options] { return run_explain(*options, globals); });
}

}  // namespace cmcctl::cli
