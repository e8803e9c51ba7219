// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/domain.hpp>

#include <vmwright/xml/detail/read.hpp>
#include <vmwright/xml/impl/domain.ipp>

namespace vmwright::inline v0::xml
{

auto read_domain(std::string_view text, Limits limits) -> Parsed<DomainConfig>
{
    return detail::read<DomainConfig>(text, "domain", limits);
}

auto write_domain(DomainConfig const& config) -> std::string
{
    return detail::write(config, "domain");
}

auto update_domain(Document const& document, DomainConfig const& config) -> std::string
{
    return detail::update(document, config);
}

} // namespace vmwright::inline v0::xml
