#include "cms_verbs.hpp"

namespace cmcctl::cli {

void register_cms(Command app, Globals& globals) {
  const Command cms = app.add_subcommand("cms", "Wrap contents in CMS messages, and unwrap them");
  cms.needs_subcommand();
  register_cms_sign(cms, globals);
  register_cms_encrypt(cms, globals);
  register_cms_decrypt(cms, globals);
  register_cms_mac(cms, globals);
  register_cms_unwrap(cms, globals);
}

}  // namespace cmcctl::cli
