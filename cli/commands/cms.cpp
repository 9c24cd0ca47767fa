#include "cms_verbs.hpp"

namespace cmcctl::cli {

void register_cms(CLI::App& app, Globals& globals) {
  CLI::App& cms = *app.add_subcommand("cms", "Wrap contents in CMS messages, and unwrap them");
  cms.require_subcommand(1);
  cms.fallthrough();
  register_cms_sign(cms, globals);
  register_cms_encrypt(cms, globals);
  register_cms_decrypt(cms, globals);
  register_cms_mac(cms, globals);
  register_cms_unwrap(cms, globals);
}

}  // namespace cmcctl::cli
