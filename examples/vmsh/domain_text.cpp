// SPDX-License-Identifier: BSL-1.0
#include "domain_text.hpp"

namespace vw = vmwright;

namespace
{

/// Faults that leave a text readable, but are none of the format's.
auto is_against_schema(vw::Fault fault) -> bool
{
    using enum vw::Fault;
    return fault == unknown_element || fault == unknown_attribute || fault == unknown_value || fault == bad_number ||
           fault == bad_unit || fault == bad_text || fault == missing || fault == duplicate;
}

} // namespace

auto read_domain_text(std::string_view text, bool validate) -> vw::xml::Parsed<vw::DomainConfig>
{
    auto parsed = vw::xml::read_domain(text);
    if (validate)
        for (auto& diagnostic : parsed.diagnostics)
            if (diagnostic.severity == vw::Severity::warning && is_against_schema(diagnostic.fault))
                diagnostic.severity = vw::Severity::error;
    if (parsed.has_errors())
        throw vw::ConfigError{parsed.diagnostics};
    return parsed;
}

void with_places(vw::xml::Document const& document, std::function<void()> const& action)
{
    try {
        action();
    } catch (vw::ConfigError const& error) {
        auto diagnostics = error.diagnostics();
        document.place(diagnostics);
        throw vw::ConfigError{std::move(diagnostics)};
    } catch (vw::Error const& error) {
        if (error.code() != vw::Errc::invalid_argument)
            throw;
        // Only a name is not usable as an argument.
        vw::Diagnostics diagnostics;
        diagnostics.add({.fault = vw::Fault::bad_text, .node = "/domain/name", .message = error.message()});
        document.place(diagnostics);
        throw vw::ConfigError{std::move(diagnostics)};
    }
}
