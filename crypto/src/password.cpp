#include <cmcctl/crypto/password.hpp>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace cmcctl {
namespace {

Error none(std::string detail) { return {Errc::wrong_password, 0, {}, {}, std::move(detail)}; }

// The first line; a byte at a time from what cannot be sought, so that the rest stays for others.
Result<SecretOctets> first_line(int descriptor, const std::string& name) {
  constexpr std::size_t longest = 4'096;
  SecretOctets line;
  for (;;) {
    std::uint8_t octet = 0;
    const ssize_t got = read(descriptor, &octet, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return none(name + ": " + std::strerror(errno));
    if (got == 0 || octet == '\n') break;
    if (line.size() == longest) return none(name + ": the first line is longer than 4096 octets");
    line.push_back(octet);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

Result<SecretOctets> line_of_file(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return none(path + ": " + std::strerror(errno));
  auto line = first_line(descriptor, path);
  close(descriptor);
  return line;
}

Result<SecretOctets> ask(std::string_view what) {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) return none("there is no terminal to ask for the " + std::string(what));
  termios before{};
  const bool known = tcgetattr(terminal, &before) == 0;
  termios quiet = before;
  quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  if (known) tcsetattr(terminal, TCSAFLUSH, &quiet);
  const std::string question = "Enter the " + std::string(what) + ": ";
  (void)!write(terminal, question.data(), question.size());
  auto line = first_line(terminal, "terminal");
  (void)!write(terminal, "\n", 1);
  if (known) tcsetattr(terminal, TCSAFLUSH, &before);
  close(terminal);
  return line;
}

}  // namespace

Result<PasswordSource> PasswordSource::from(std::string_view text) {
  if (text == "prompt") return PasswordSource(Kind::prompt, {});
  static constexpr struct {
    std::string_view prefix;
    Kind kind;
  } prefixes[]{{"file:", Kind::file}, {"env:", Kind::environment}, {"fd:", Kind::descriptor}, {"pass:", Kind::text}};
  for (const auto& [prefix, kind] : prefixes) {
    if (text.starts_with(prefix)) return PasswordSource(kind, std::string(text.substr(prefix.size())));
  }
  return Error{Errc::no_key, 0, {}, {}, "a secret comes from file:PATH, env:NAME, fd:NUMBER, prompt or pass:TEXT"};
}

Result<SecretOctets> PasswordSource::get(std::string_view what) const {
  switch (kind_) {
    case Kind::file:
      return line_of_file(argument_);
    case Kind::prompt:
      return ask(what);
    case Kind::text:
      return secret_copy(Octets(std::string_view(argument_)));
    case Kind::environment: {
      const char* const value = std::getenv(argument_.c_str());
      if (value == nullptr) return none("the variable " + argument_ + " is not set");
      return secret_copy(Octets(std::string_view(value)));
    }
    case Kind::descriptor:
      break;
  }
  int descriptor = -1;
  const char* const end = argument_.data() + argument_.size();
  const auto [rest, error] = std::from_chars(argument_.data(), end, descriptor);
  if (error != std::errc{} || rest != end || descriptor < 0) return none("fd:" + argument_ + " is no descriptor");
  return first_line(descriptor, "fd:" + argument_);
}

}  // namespace cmcctl
