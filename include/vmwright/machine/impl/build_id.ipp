// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/build_id.hpp>
#include <vmwright/machine/machine.hpp>

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <string_view>

namespace vmwright::inline v0
{

namespace detail::build_id
{
namespace
{

template <class T>
auto read_struct(int fd, std::uint64_t offset) -> std::optional<T>
{
    auto const bytes = read_at(fd, offset, sizeof(T));
    if (bytes.size() < sizeof(T))
        return std::nullopt;
    T value{};
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

auto hex(std::string_view bytes) -> std::string
{
    constexpr auto digits = std::string_view{"0123456789abcdef"};
    std::string text;
    for (auto const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

auto in_notes(std::string_view notes) -> std::string
{
    auto const padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
    while (notes.size() >= sizeof(Elf64_Nhdr)) {
        Elf64_Nhdr head{};
        std::memcpy(&head, notes.data(), sizeof head);
        notes.remove_prefix(sizeof head);
        auto const name = notes.substr(0, head.n_namesz);
        notes.remove_prefix(std::min(padded(head.n_namesz), notes.size()));
        auto const content = notes.substr(0, head.n_descsz);
        notes.remove_prefix(std::min(padded(head.n_descsz), notes.size()));
        if (head.n_type == NT_GNU_BUILD_ID && name == std::string_view{"GNU\0", 4})
            return hex(content);
    }
    return {};
}

} // namespace
} // namespace detail::build_id

auto build_id(Machine& machine, std::string const& path) -> std::string
{
    using namespace detail::build_id;
    auto const file = machine.open_file(path);
    auto const head = read_struct<Elf64_Ehdr>(file.get(), 0);
    if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64)
        return {};
    for (unsigned i = 0; i < head->e_phnum; ++i) {
        auto const segment = read_struct<Elf64_Phdr>(file.get(), head->e_phoff + std::uint64_t{i} * head->e_phentsize);
        constexpr std::uint64_t limit = 1 << 16;
        if (!segment || segment->p_type != PT_NOTE || segment->p_filesz > limit)
            continue;
        if (auto id = in_notes(read_at(file.get(), segment->p_offset, segment->p_filesz)); !id.empty())
            return id;
    }
    return {};
}

} // namespace vmwright::inline v0
