#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "command.hpp"

namespace cmcctl::cli {
namespace {

// --- The command tree, as far as shells care -------------------------------------------------------------------------

struct OptionShape {
  std::vector<std::string> names;  ///< "--color", "-q"; empty for a word without a name
  std::vector<std::string> choices;
  std::string description;
  bool takes_value = false;
};

struct CommandShape {
  std::string path;  ///< "cmcctl keys list"
  std::string description;
  std::vector<CommandShape> commands;
  std::vector<OptionShape> options;  ///< those of the commands above included
  std::vector<std::string> words;    ///< choices of the first argument that is no option
};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// CLI11 keeps an option's choices only in its type: "TEXT:{auto,always,never}".
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto open = type.find('{');
  const auto close = type.find('}', open);
  std::vector<std::string> choices;
  if (open == std::string::npos || close == std::string::npos) return choices;
  std::istringstream list(type.substr(open + 1, close - open - 1));
  for (std::string choice; std::getline(list, choice, ',');) choices.push_back(choice);
  return choices;
}

OptionShape shape_of(const CLI::Option& option) {
  OptionShape shape;
  for (const std::string& name : option.get_lnames()) shape.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) shape.names.push_back("-" + name);
  shape.choices = choices_of(option);
  shape.description = first_line(option.get_description());
  shape.takes_value = option.get_items_expected_max() > 0;
  return shape;
}

bool is_hidden(const CLI::Option& option) { return option.get_group().empty(); }

CommandShape shape_of(const CLI::App& app, const std::string& path_above, const std::vector<OptionShape>& inherited) {
  CommandShape shape;
  shape.path = path_above.empty() ? app.get_name() : path_above + " " + app.get_name();
  shape.description = first_line(app.get_description());
  std::vector<OptionShape> to_inherit = inherited;
  shape.options = inherited;
  for (const CLI::Option* option : app.get_options()) {
    if (is_hidden(*option)) continue;
    OptionShape option_shape = shape_of(*option);
    if (option_shape.names.empty()) {
      if (shape.words.empty()) shape.words = option_shape.choices;
      continue;
    }
    shape.options.push_back(option_shape);
    // Each command has a --help of its own.
    if (option != app.get_help_ptr()) to_inherit.push_back(std::move(option_shape));
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) shape.commands.push_back(shape_of(*command, shape.path, to_inherit));
  }
  return shape;
}

std::string name_of(const CommandShape& command) { return command.path.substr(command.path.rfind(' ') + 1); }

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

/// In single quotes, which POSIX shells, zsh and (for what descriptions contain) fish read alike.
std::string quoted(std::string_view text, std::string_view escaped_quote) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += escaped_quote;
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string posix_quoted(std::string_view text) { return quoted(text, "'\\''"); }
std::string fish_quoted(std::string_view text) { return quoted(text, "\\'"); }

template <class Visit>
void for_each_command(const CommandShape& command, Visit visit) {
  visit(command);
  for (const CommandShape& below : command.commands) for_each_command(below, visit);
}

/// Patterns "path word" of all commands below the first one, for `case`.
std::string command_patterns(const CommandShape& root) {
  std::vector<std::string> patterns;
  for_each_command(root, [&](const CommandShape& command) {
    for (const CommandShape& below : command.commands) patterns.push_back(posix_quoted(below.path));
  });
  return joined(patterns, "|");
}

/// Patterns "path --option" of the options for which `wanted` holds.
template <class Wanted>
std::string option_patterns(const CommandShape& command, Wanted wanted) {
  std::vector<std::string> patterns;
  for (const OptionShape& option : command.options) {
    if (!wanted(option)) continue;
    for (const std::string& name : option.names) patterns.push_back(posix_quoted(command.path + " " + name));
  }
  return joined(patterns, "|");
}

bool takes_value(const OptionShape& option) { return option.takes_value; }

/// The loop that bash and zsh share: walks the words before the cursor and leaves the command in `at` (`path` is
/// special in zsh).
void print_walk(const CommandShape& root, std::string_view words, std::string_view first, std::string_view last,
                std::ostream& out) {
  out << "  local at=" << root.path << " i\n"
      << "  for ((i = " << first << "; i < " << last << "; i++)); do\n"
      << "    case \"$at ${" << words << "[i]}\" in\n"
      << "      " << command_patterns(root) << ") at+=\" ${" << words << "[i]}\" ;;\n";
  for_each_command(root, [&](const CommandShape& command) {
    const std::string patterns = option_patterns(command, takes_value);
    if (!patterns.empty()) out << "      " << patterns << ") ((i++)) ;;\n";  // the value is no command
  });
  out << "    esac\n"
      << "  done\n";
}

// --- bash ------------------------------------------------------------------------------------------------------------

void print_bash_values(const CommandShape& command, std::ostream& out) {
  for (const OptionShape& option : command.options) {
    if (option.choices.empty()) continue;
    const auto same = [&](const OptionShape& other) { return &other == &option; };
    out << "    " << option_patterns(command, same) << ")\n"
        << "      COMPREPLY=($(compgen -W " << posix_quoted(joined(option.choices, " ")) << " -- \"$cur\"))\n"
        << "      return ;;\n";
  }
  const auto free_value = [](const OptionShape& option) { return option.takes_value && option.choices.empty(); };
  const std::string patterns = option_patterns(command, free_value);
  if (!patterns.empty()) out << "    " << patterns << ") return ;;\n";
}

void print_bash_words(const CommandShape& command, std::ostream& out) {
  std::vector<std::string> options;
  for (const OptionShape& option : command.options)
    options.insert(options.end(), option.names.begin(), option.names.end());
  std::vector<std::string> words = command.words;
  for (const CommandShape& below : command.commands) words.push_back(name_of(below));
  out << "    " << posix_quoted(command.path) << ")\n"
      << "      options=" << posix_quoted(joined(options, " ")) << "\n"
      << "      words=" << posix_quoted(joined(words, " ")) << " ;;\n";
}

void print_bash(const CommandShape& root, std::ostream& out) {
  out << "# bash completion of cmcctl: source <(cmcctl completion bash)\n"
      << "_cmcctl() {\n"
      << "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} options words\n"
      << "  # bash makes a word of the = in --color=always\n"
      << "  if [[ $cur == = ]]; then\n"
      << "    cur=\n"
      << "  elif [[ $prev == = ]]; then\n"
      << "    prev=${COMP_WORDS[COMP_CWORD-2]}\n"
      << "  fi\n";
  print_walk(root, "COMP_WORDS", "1", "COMP_CWORD", out);
  out << "  COMPREPLY=()\n"
      << "  case \"$at $prev\" in\n";
  for_each_command(root, [&](const CommandShape& command) { print_bash_values(command, out); });
  out << "  esac\n"
      << "  case \"$at\" in\n";
  for_each_command(root, [&](const CommandShape& command) { print_bash_words(command, out); });
  out << "  esac\n"
      << "  [[ $cur == -* ]] && words=$options\n"
      << "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
      << "}\n"
      << "complete -o default -F _cmcctl cmcctl\n";
}

// --- zsh -------------------------------------------------------------------------------------------------------------

/// A line of _describe: the name and what it does, with a colon between.
std::string described(std::string_view name, std::string_view description) {
  std::string text;
  for (const char c : name) {
    if (c == ':') text += '\\';
    text += c;
  }
  return posix_quoted(text + ":" + std::string(description));
}

void print_zsh_values(const CommandShape& command, std::ostream& out) {
  for (const OptionShape& option : command.options) {
    if (!option.takes_value) continue;
    const auto same = [&](const OptionShape& other) { return &other == &option; };
    out << "    " << option_patterns(command, same) << ") ";
    if (option.choices.empty()) {
      out << "_files";
    } else {
      out << "compadd -- " << joined(option.choices, " ");
    }
    out << "; return ;;\n";
  }
}

void print_zsh_words(const CommandShape& command, std::ostream& out) {
  out << "    " << posix_quoted(command.path) << ")\n"
      << "      options=(\n";
  for (const OptionShape& option : command.options) {
    for (const std::string& name : option.names) out << "        " << described(name, option.description) << "\n";
  }
  out << "      )\n"
      << "      words_here=(\n";
  for (const CommandShape& below : command.commands) {
    out << "        " << described(name_of(below), below.description) << "\n";
  }
  for (const std::string& word : command.words) out << "        " << posix_quoted(word) << "\n";
  out << "      ) ;;\n";
}

void print_zsh(const CommandShape& root, std::ostream& out) {
  out << "#compdef cmcctl\n"
      << "# zsh completion of cmcctl: save as _cmcctl in a folder of $fpath\n"
      << "_cmcctl() {\n"
      << "  local -a options words_here\n"
      << "  local prev=${words[CURRENT-1]}\n"
      << "  if [[ $PREFIX == --*=* ]]; then\n"
      << "    prev=${PREFIX%%=*}\n"
      << "    compset -P '*='\n"
      << "  fi\n";
  print_walk(root, "words", "2", "CURRENT", out);
  out << "  case \"$at $prev\" in\n";
  for_each_command(root, [&](const CommandShape& command) { print_zsh_values(command, out); });
  out << "  esac\n"
      << "  case \"$at\" in\n";
  for_each_command(root, [&](const CommandShape& command) { print_zsh_words(command, out); });
  out << "  esac\n"
      << "  if [[ $PREFIX == -* ]]; then\n"
      << "    _describe -o option options\n"
      << "  elif (( $#words_here )); then\n"
      << "    _describe command words_here\n"
      << "  else\n"
      << "    _files\n"
      << "  fi\n"
      << "}\n"
      << "if [[ $funcstack[1] == _cmcctl ]]; then\n"
      << "  _cmcctl \"$@\"\n"
      << "else\n"
      << "  compdef _cmcctl cmcctl\n"
      << "fi\n";
}

// --- fish ------------------------------------------------------------------------------------------------------------

void print_fish_path(const CommandShape& root, std::ostream& out) {
  out << "function __cmcctl_path\n"
      << "  set -l at " << root.path << "\n"
      << "  set -l skip 0\n"
      << "  for word in (commandline -opc)[2..-1]\n"
      << "    if test $skip = 1\n"
      << "      set skip 0\n"
      << "      continue\n"
      << "    end\n"
      << "    switch \"$at $word\"\n";
  for_each_command(root, [&](const CommandShape& command) {
    for (const CommandShape& below : command.commands)
      out << "      case " << fish_quoted(below.path) << "\n"
          << "        set at \"$at $word\"\n";
    for (const OptionShape& option : command.options) {
      if (!option.takes_value) continue;
      for (const std::string& name : option.names) {
        out << "      case " << fish_quoted(command.path + " " + name) << "\n"
            << "        set skip 1\n";
      }
    }
  });
  out << "    end\n"
      << "  end\n"
      << "  echo $at\n"
      << "end\n";
}

void print_fish_command(const CommandShape& command, std::ostream& out) {
  const std::string here = "complete -c cmcctl -n " + fish_quoted("test (__cmcctl_path) = \"" + command.path + "\"");
  for (const CommandShape& below : command.commands) {
    out << here << " -f -a " << name_of(below) << " -d " << fish_quoted(below.description) << "\n";
  }
  if (!command.words.empty()) out << here << " -f -a " << fish_quoted(joined(command.words, " ")) << "\n";
  for (const OptionShape& option : command.options) {
    out << here;
    for (const std::string& name : option.names) {
      out << (name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1));
    }
    if (!option.choices.empty()) {
      out << " -x -a " << fish_quoted(joined(option.choices, " "));
    } else if (option.takes_value) {
      out << " -r -F";
    }
    out << " -d " << fish_quoted(option.description) << "\n";
  }
}

void print_fish(const CommandShape& root, std::ostream& out) {
  out << "# fish completion of cmcctl: cmcctl completion fish | source\n";
  print_fish_path(root, out);
  for_each_command(root, [&](const CommandShape& command) { print_fish_command(command, out); });
}

// --- The command -----------------------------------------------------------------------------------------------------

struct CompletionOptions {
  std::string shell;
};

ExitCode run_completion(const CompletionOptions& options, const Globals& globals) {
  const CommandShape root = shape_of(globals.root, "", {});
  if (options.shell == "bash") print_bash(root, globals.io.out);
  if (options.shell == "zsh") print_zsh(root, globals.io.out);
  if (options.shell == "fish") print_fish(root, globals.io.out);
  return ExitCode::ok;
}

}  // namespace

void register_completion(Command app, Globals& globals) {
  const Command command = app.add_subcommand("completion", "Print the completion script of a shell");
  auto options = std::make_shared<CompletionOptions>();
  command.add_option("shell", options->shell, "Shell the script is for")
      .type_name("SHELL")
      .one_of({"bash", "zsh", "fish"})
      .required();
  set_action(command, globals, [&globals, options] { return run_completion(*options, globals); });
}

}  // namespace cmcctl::cli
