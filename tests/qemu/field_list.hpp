// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/archive.hpp>
#include <vmwright/xml/impl/domain.ipp>

#include <boost/core/demangle.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>
#include <variant>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// Collects every field, as "PciAddress @slot", with its places, as "domain/devices/disk/address/@slot". One of the archives
/// that a `map` function is called with.
class Fields : public Archive<Fields>
{
    friend class Archive<Fields>;

public:
    Fields(std::map<std::string, std::set<std::string>>& found, std::string prefix, std::vector<std::type_index> inside)
        : found_{found}
        , prefix_{std::move(prefix)}
        , inside_{std::move(inside)}
    {
    }

    void flag(std::string_view path, bool) { add(path); }
    void state(std::string_view path, std::optional<bool>) { add(fmt::format("{}/@state", path)); }
    void stated(std::string_view path, std::optional<bool> field) { state(path, field); }

    template <class V>
    void choice(std::string_view path, V const& field, std::span<std::string_view const> names,
                std::span<std::string_view const> = {})
    {
        pick(path, field, names);
        picked(field);
    }

    template <class V>
    void pick(std::string_view path, V const&, std::span<std::string_view const>, std::span<std::string_view const> = {})
    {
        add(path);
    }

    template <class... A>
    void picked(std::variant<A...> const&)
    {
        (visit(A{}), ...);
    }
    template <class V>
    void picked(std::optional<V> const&)
    {
        picked(V{});
    }

    template <class T>
    void scaled(std::string_view path, T const&, std::string_view = {}, std::string_view = {})
    {
        add(path);
    }
    template <class T>
    void pretty(std::string_view path, T const&, std::string_view = {})
    {
        add(path);
    }
    void live_only(std::string_view) {}
    template <class T>
    void name_space(std::string_view, std::string_view, T const&)
    {
    }
    void raw(std::string_view name, std::optional<std::string> const&) { add(name); }
    void required(std::string_view, std::string_view) {}
    void expected(std::string_view, std::string_view) {}

private:
    void add(std::string_view path)
    {
        auto type = boost::core::demangle(inside_.back().name());
        if (auto const last = type.find_last_of(":<"); last != std::string::npos)
            type.erase(0, last + 1);
        std::erase(type, '>');
        found_[fmt::format("{} {}", type, path)].insert(join(path));
    }

    [[nodiscard]] auto join(std::string_view path) const -> std::string
    {
        if (path == ".")
            return prefix_;
        return fmt::format("{}/{}", prefix_, path.ends_with("/.") ? path.substr(0, path.size() - 2) : path);
    }

    template <class T, class C>
    void scalar(std::string_view path, T const&, C const&)
    {
        add(path);
    }

    template <class T>
    void group(std::string_view path, T const&)
    {
        if constexpr (is_optional<T>)
            nested<typename T::value_type>(path);
        else
            nested<T>(path);
    }

    template <class T, class... C>
    void list(std::string_view path, T const&, C const&...)
    {
        if constexpr (sizeof...(C) != 0 || Scalar<typename T::value_type>)
            add(path);
        else
            nested<typename T::value_type>(path);
    }

    /// A kind of value in itself, as the backing store of a disk, is walked once.
    template <class T>
    void nested(std::string_view path)
    {
        auto inside = inside_;
        if (std::ranges::find(inside, std::type_index{typeid(T)}) != inside.end())
            return;
        inside.emplace_back(typeid(T));
        Fields fields{found_, join(path), std::move(inside)};
        T value{};
        map(fields, value);
    }

    template <class T>
    void visit(T value)
    {
        auto inside = inside_;
        inside.emplace_back(typeid(T));
        Fields fields{found_, prefix_, std::move(inside)};
        map(fields, value);
    }

    std::map<std::string, std::set<std::string>>& found_;
    std::string prefix_;
    std::vector<std::type_index> inside_;
};

} // namespace vmwright::inline v0::xml::detail

/// Every field of a domain, with its places.
inline auto fields_of_domain() -> std::map<std::string, std::set<std::string>>
{
    using namespace vmwright;
    std::map<std::string, std::set<std::string>> found;
    xml::detail::Fields fields{found, "domain", {typeid(DomainConfig)}};
    DomainConfig config;
    xml::detail::map(fields, config);
    return found;
}
