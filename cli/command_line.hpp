#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cmcctl::cli {

/// An option of a command, as CLI11 keeps it. The functions add to it and can be called one after the other.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  const Option& required() const;
  const Option& type_name(const std::string& name) const;
  /// The heading in --help; the empty one hides the option.
  const Option& group(const std::string& name) const;
  const Option& envname(const std::string& variable) const;
  const Option& excludes(const Option& other) const;
  const Option& delimiter(char separator) const;
  const Option& one_of(const std::vector<std::string>& words) const;
  const Option& range(std::int64_t least, std::int64_t most) const;
  /// `problem` is given each value and says what is wrong with it, or nothing.
  const Option& check(const std::function<std::string(const std::string&)>& problem) const;

  /// How often it was given.
  std::size_t count() const;

 private:
  CLI::Option* option_;
};

/// A command of the program. This and Option stand for CLI11's classes, whose header costs every file that includes it
/// seconds; command_line.cpp compiles it once.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  Command add_subcommand(const std::string& name, const std::string& description) const;
  /// `names` as CLI11 has them: "-o,--output", or a word for an argument without a name. A list takes one value each
  /// time that its option is given, and all that there are where it has no name.
  template <class Value>
  Option add_option(const std::string& names, Value& value, const std::string& description) const;
  /// `take` gets each value as soon as it is read: in the order of the command line, other options between them.
  Option add_ordered_option(const std::string& name, const std::function<void(const std::string&)>& take,
                            const std::string& description) const;
  Option add_flag(const std::string& names, bool& flag, const std::string& description) const;
  /// A flag that may have a value, as --name=VALUE; `name` ends with the value of the bare flag in braces.
  Option add_flag(const std::string& name, std::string& value, const std::string& description) const;
  Option get_option(const std::string& name) const;

  const Command& group(const std::string& name) const;
  const Command& footer(const std::string& text) const;
  /// One of the commands below has to be named.
  const Command& needs_subcommand() const;
  const Command& callback(std::function<void()> action) const;

 private:
  CLI::App* app_;
};

}  // namespace cmcctl::cli
