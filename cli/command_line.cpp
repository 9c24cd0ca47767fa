#include "command_line.hpp"

#include <optional>
#include <type_traits>
#include <utility>

#include <CLI/CLI.hpp>

namespace cmcctl::cli {

const Option& Option::required() const {
  option_->required();
  return *this;
}

const Option& Option::type_name(const std::string& name) const {
  option_->type_name(name);
  return *this;
}

const Option& Option::group(const std::string& name) const {
  option_->group(name);
  return *this;
}

const Option& Option::envname(const std::string& variable) const {
  option_->envname(variable);
  return *this;
}

const Option& Option::excludes(const Option& other) const {
  option_->excludes(other.option_);
  return *this;
}

const Option& Option::delimiter(char separator) const {
  option_->delimiter(separator);
  return *this;
}

const Option& Option::one_of(const std::vector<std::string>& words) const {
  option_->check(CLI::IsMember(words));
  return *this;
}

const Option& Option::range(std::int64_t least, std::int64_t most) const {
  option_->check(CLI::Range(least, most));
  return *this;
}

const Option& Option::check(const std::function<std::string(const std::string&)>& problem) const {
  option_->check(problem);
  return *this;
}

std::size_t Option::count() const { return option_->count(); }

Command Command::add_subcommand(const std::string& name, const std::string& description) const {
  return Command(*app_->add_subcommand(name, description));
}

template <class Value>
Option Command::add_option(const std::string& names, Value& value, const std::string& description) const {
  CLI::Option* const option = app_->add_option(names, value, description);
  if (std::is_same_v<Value, std::vector<std::string>> && names.starts_with('-')) option->allow_extra_args(false);
  return Option(*option);
}

template Option Command::add_option(const std::string&, std::string&, const std::string&) const;
template Option Command::add_option(const std::string&, std::optional<std::string>&, const std::string&) const;
template Option Command::add_option(const std::string&, std::vector<std::string>&, const std::string&) const;
template Option Command::add_option(const std::string&, int&, const std::string&) const;
template Option Command::add_option(const std::string&, std::uint16_t&, const std::string&) const;
template Option Command::add_option(const std::string&, unsigned&, const std::string&) const;
template Option Command::add_option(const std::string&, std::size_t&, const std::string&) const;
template Option Command::add_option(const std::string&, std::optional<unsigned>&, const std::string&) const;
template Option Command::add_option(const std::string&, std::optional<std::size_t>&, const std::string&) const;
template Option Command::add_option(const std::string&, std::int64_t&, const std::string&) const;

Option Command::add_ordered_option(const std::string& name, const std::function<void(const std::string&)>& take,
                                   const std::string& description) const {
  const auto take_all = [take](const std::vector<std::string>& values) {
    for (const std::string& value : values) take(value);
  };
  return Option(
      *app_->add_option_function<std::vector<std::string>>(name, take_all, description)->trigger_on_parse());
}

Option Command::add_flag(const std::string& names, bool& flag, const std::string& description) const {
  return Option(*app_->add_flag(names, flag, description));
}

Option Command::add_flag(const std::string& name, std::string& value, const std::string& description) const {
  return Option(*app_->add_flag(name, value, description));
}

Option Command::get_option(const std::string& name) const { return Option(*app_->get_option(name)); }

const Command& Command::group(const std::string& name) const {
  app_->group(name);
  return *this;
}

const Command& Command::footer(const std::string& text) const {
  app_->footer(text);
  return *this;
}

const Command& Command::needs_subcommand() const {
  app_->require_subcommand(1);
  return *this;
}

const Command& Command::callback(std::function<void()> action) const {
  app_->callback(std::move(action));
  return *this;
}

}  // namespace cmcctl::cli
