#include <cmcctl/server/faults.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include <cmcctl/codec/names.hpp>
#include <cmcctl/codec/text.hpp>

namespace cmcctl {
namespace {

constexpr std::array rows{
    FaultRow{"pend", FaultStage::decision, "",
             "leaves the requests pending; with after=2s they are approved two seconds later"},
    FaultRow{"try-later", FaultStage::decision, "", "nothing is decided: failed, tryLater"},
    FaultRow{"nonce-mismatch", FaultStage::content, "", "recipientNonce is not the nonce that was sent"},
    FaultRow{"transaction-mismatch", FaultStage::content, "", "transactionId is not the one that was sent"},
    FaultRow{"status", FaultStage::content, "failed,badRequest,text=\"...\"",
             "another status than the true one, and no certificate"},
    FaultRow{"unknown-critical-control", FaultStage::content, "", "a control of a type that nobody knows"},
    FaultRow{"drop-cert", FaultStage::content, "", "the new certificate is left out"},
    FaultRow{"unsigned", FaultStage::content, "", "nobody has signed the response"},
    FaultRow{"wrong-signer", FaultStage::content, "", "signed by another key under the CA's name"},
    FaultRow{"bad-signature", FaultStage::octets, "", "the last octet, one of the signature, is another one"},
    FaultRow{"ber-indefinite", FaultStage::octets, "", "the outermost element is in BER, of indefinite length"},
    FaultRow{"replay-last", FaultStage::octets, "", "the answer before this one once more"},
    FaultRow{"extra-header", FaultStage::http, "", "one more HTTP header field"},
    FaultRow{"bad-mime", FaultStage::http, "", "text/html as media type"},
    FaultRow{"http-500-with-cmc", FaultStage::http, "", "HTTP status 500 with the answer"},
    FaultRow{"slow", FaultStage::http, "5s", "the answer comes so much later"},
    FaultRow{"truncate", FaultStage::http, "64", "the connection is cut after so many octets of the answer"},
};

Error refused(std::string_view text, const std::string& why) {
  return {Errc::value_out_of_range, 0, {}, {}, "the fault " + escape(text, 200) + ": " + why};
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// Takes off what comes before the next `separator` that is not between quotes.
std::string_view next_part(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != separator); ++end) {
    if (rest[end] == '"') quoted = !quoted;
  }
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::string known_names() {
  std::string names;
  for (const FaultRow& row : rows) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

Result<void> take_item(Fault& fault, std::string_view item) {
  const std::size_t equals = item.find('=');
  const std::string_view name = item.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
  std::uint32_t seed = 0;
  bool good = true;
  if (equals == std::string_view::npos) {
    fault.argument = item;
  } else if (name == "every") {
    good = read_number(value, fault.every) && fault.every != 0;
  } else if (name == "times") {
    good = read_number(value, fault.times);
  } else if (name == "chance") {
    good = read_number(value, fault.percent) && fault.percent <= 100;
  } else if (name == "seed") {
    good = read_number(value, seed);
    fault.random.seed(seed);
  } else if (name == "after") {
    CMC_TRY(fault.after, parse_duration(value));
  } else {
    return refused(fault.text, "there are every=N, times=N, after=5s, chance=PERCENT and seed=N");
  }
  if (good) return {};
  return refused(fault.text, std::string(item) + " has no sound number");
}

Result<void> check_status(const Fault& fault) {
  const auto is_in = [](std::span<const NamedNumber> numbers, std::string_view word) {
    return std::ranges::find(numbers, word, &NamedNumber::name) != numbers.end();
  };
  std::string_view words = fault.argument;
  while (!words.empty()) {
    const std::string_view word = next_part(words, ',');
    if (word.starts_with("text=") || is_in(cmc_status_names(), word) || is_in(cmc_fail_info_names(), word)) continue;
    return refused(fault.text, std::string(word) + " is neither a CMCStatus nor a CMCFailInfo, nor text=\"...\"");
  }
  return {};
}

Result<void> check_argument(const Fault& fault) {
  if (fault.row->argument.empty() != fault.argument.empty()) {
    return refused(fault.text, fault.argument.empty() ? "it needs a value, like " + std::string(fault.row->argument)
                                                      : "it takes no value");
  }
  std::size_t octets = 0;
  if (fault.row->name == "status") CMC_CHECK(check_status(fault));
  if (fault.row->name == "slow") CMC_CHECK(parse_duration(fault.argument));
  if (fault.row->name == "truncate" && !read_number(fault.argument, octets)) {
    return refused(fault.text, "it needs a number of octets");
  }
  return {};
}

}  // namespace

std::span<const FaultRow> fault_rows() { return rows; }

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
  };
  static constexpr std::array units{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000}};
  constexpr std::int64_t most = 86'400'000;
  for (const Unit& unit : units) {
    std::int64_t number = 0;
    if (!text.ends_with(unit.name) || !read_number(text.substr(0, text.size() - unit.name.size()), number)) continue;
    if (number >= 0 && number <= most / unit.milliseconds) return std::chrono::milliseconds(number * unit.milliseconds);
  }
  return Error{
      Errc::value_out_of_range, 0, {}, {}, escape(text, 100) + " is no duration: 200ms, 5s or 2m, a day at most"};
}

Result<Fault> Fault::parse(std::string_view text) {
  Fault fault;
  fault.text = text;
  std::string_view items = text;
  const std::string_view head = next_part(items, ':');
  const std::string_view name = head.substr(0, head.find('='));
  const auto found = std::ranges::find(rows, name, &FaultRow::name);
  if (found == rows.end()) return refused(text, "there are " + known_names());
  fault.row = &*found;
  if (name.size() < head.size()) fault.argument = head.substr(name.size() + 1);
  while (!items.empty()) CMC_CHECK(take_item(fault, next_part(items, ',')));
  CMC_CHECK(check_argument(fault));
  return fault;
}

Result<void> Faults::set(std::span<const std::string> texts) {
  std::vector<Fault> faults;
  for (const std::string& text : texts) {
    CMC_TRY(Fault fault, Fault::parse(text));
    faults.push_back(std::move(fault));
  }
  std::ranges::stable_sort(faults, {}, [](const Fault& fault) { return fault.row - rows.data(); });
  const std::lock_guard lock(mutex_);
  faults_ = std::move(faults);
  return {};
}

std::vector<Fault> Faults::next(std::chrono::milliseconds since_start) {
  const std::lock_guard lock(mutex_);
  std::vector<Fault> now;
  for (Fault& fault : faults_) {
    const bool is_decision = fault.row->stage == FaultStage::decision;  // there `after` is how long it stays
    if (!is_decision && since_start < fault.after) continue;
    ++fault.answers;
    const bool lucky = fault.percent == 100 || fault.random() % 100 < fault.percent;
    if (fault.answers % fault.every != 0 || fault.fired >= fault.times || !lucky) continue;
    ++fault.fired;
    now.push_back(fault);
  }
  return now;
}

std::vector<Fault> Faults::list() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

}  // namespace cmcctl
