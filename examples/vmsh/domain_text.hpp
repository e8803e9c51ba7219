// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/domain.hpp>

#include <functional>
#include <string_view>

/// Reads the text; with `validate` it throws a ConfigError also for what a schema would refuse.
[[nodiscard]] auto read_domain_text(std::string_view text, bool validate) -> vmwright::xml::Parsed<vmwright::DomainConfig>;

/// Does what may refuse the text, and gives a refusal that has no place one.
void with_places(vmwright::xml::Document const& document, std::function<void()> const& action);
