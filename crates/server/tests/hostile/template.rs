//! Templates that ask for more than their facts (listmonk CVE-2025-49136 `env`, Mautic CVE-2021-27908).

use beckon_render::{Facts, render};
use beckon_server::shop_state::compile_template;

use crate::support::World;

#[tokio::test]
async fn a_template_learns_nothing_of_the_program_that_renders_it() {
    let world = World::new();
    let source = include_str!("../../../../templates/mail/en/confirm-test.mjml");
    let secret = std::env::var("PATH").unwrap();
    for ask in [
        "{{ env('PATH') }}",
        "{{ env.PATH }}",
        "{{ getenv('PATH') }}",
        "{{ environ }}",
        "{{ config }}",
        "{{ settings.smtp_url }}",
        "{{ shop.settings }}",
        "{{ shop.secret }}",
        "{{ self }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ debug() }}",
        "{% include '/etc/passwd' %}",
        "{% import '../../shop.db' as x %}{{ x }}",
        "{% extends '/etc/passwd' %}",
    ] {
        let text = source.replacen("</mj-text>", &format!("{ask}</mj-text>"), 1);
        assert_ne!(text, source);
        let Ok(template) = compile_template("confirm-test.en", &text) else { continue };
        let Ok(mail) = render(&template, &Facts::default(), &world.app.links(), 0) else { continue };
        let all = format!("{}{}{}", mail.subject, mail.text, mail.html);
        for hidden in [secret.as_str(), "root:x:", "argon2", "sk_", "smtp://"] {
            assert!(!all.contains(hidden), "{ask} tells {hidden}");
        }
    }
}
