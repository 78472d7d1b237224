using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using HaukiOS.Build;
using HaukiOS.Build.Checks;
using HaukiOS.Build.Link;
using HaukiOS.Build.Names;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>The linker on objects of a few bytes, made by the assembler that the kernel's own are made by.</summary>
[TestFixture]
internal sealed class LinkerTests
{
    private const uint LinkAddress = 0x4010_0000;
    private const string Header = """
        section .multiboot
        align 4
        dd 0x1BADB002, 0, -0x1BADB002
        section .text

        """;

    private static readonly LinkPlan Plan = new("start", LinkAddress, 0x0010_0000);

    [Test]
    public void A_call_reaches_a_function_of_another_object()
    {
        Image image = Link(
            Header + "extern distant\nglobal start\nstart: call distant\nret",
            "section .text\nglobal distant\ntimes 7 nop\ndistant: ret");

        uint start = image.Entry;
        uint distance = U32(image, start + 1);
        Assert.That(start + 5 + distance, Is.EqualTo(image.Globals["distant"].Address));
        Assert.That(image.Layout.At(image.Globals["distant"].Address)[0], Is.EqualTo(0xC3));
    }

    [TestCase("extern X__GVMLookupForSlot\nsection .text\nglobal Caller\nCaller: call X__GVMLookupForSlot\nret")]
    [TestCase("section .text\nglobal Caller, X__GVMLookupForSlot\nCaller: nop\ncall X__GVMLookupForSlot\nret\n"
        + "X__GVMLookupForSlot: ret")]
    public void A_call_of_a_generic_virtual_method_is_found_and_names_its_caller(string source)
    {
        (string name, byte[] bytes) = Assemble(source)[0];
        IReadOnlyList<string> problems =
            GenericVirtualCalls.Problems(CoffObject.Parse(name, bytes), new HumanNames(ManagedTypes.None));

        Assert.That(problems, Is.EqualTo(new[] { "Caller calls a generic virtual method, which this kernel cannot" }));
    }

    [Test]
    public void An_address_in_data_is_the_virtual_one_and_keeps_its_offset()
    {
        Image image = Link(Header + "global start, where\nstart: ret\nsection .data\nwhere: dd start + 2");

        Assert.That(U32(image, image.Globals["where"].Address), Is.EqualTo(image.Entry + 2));
    }

    [Test]
    public void A_relative_address_of_the_image_is_the_whole_address()
    {
        (string name, byte[] bytes) = Assemble(
            Header + "global start, where\nstart: ret\nsection .data\nwhere: dd start")[0];
        CoffObject file = CoffObject.Parse(name, bytes);
        CoffRelocation[] places = file.Sections.Single(section => section.Name == ".data").Relocations;
        places[0] = places[0] with { Kind = RelocationKind.ImageRelative };
        Image image = Linker.Link(Plan, [file], ManagedTypes.None, new byte[16]);

        Assert.That(U32(image, image.Globals["where"].Address), Is.EqualTo(image.Entry));
    }

    [Test]
    public void An_unresolved_symbol_is_an_error_that_names_it_and_who_wants_it()
    {
        var problem = Assert.Throws<BuildException>(() => Link(
            Header + "extern nowhere, lost\nglobal start, caller\nstart: ret\ncaller: nop\ncall nowhere\n"
            + "other: mov eax, [lost]"))!;

        Assert.That(problem.Message, Does.Contain("unresolved symbol nowhere, used by caller"));
        Assert.That(problem.Message, Does.Contain("unresolved symbol lost, used by other"));
    }

    [Test]
    public void A_missing_entry_point_is_an_error()
    {
        var problem = Assert.Throws<BuildException>(() => Link(Header + "ret"))!;

        Assert.That(problem.Message, Does.Contain("unresolved symbol start"));
    }

    [Test]
    public void A_symbol_defined_twice_is_an_error_that_names_both_objects()
    {
        var problem = Assert.Throws<BuildException>(() => Link(
            Header + "global start, twin\nstart: ret\ntwin: ret", "section .text\nglobal twin\ntwin: ret"))!;

        Assert.That(problem.Message, Does.Contain("twin").And.Contain("0.asm.obj").And.Contain("1.asm.obj"));
    }

    [Test]
    public void A_symbol_of_the_linker_cannot_be_taken()
    {
        Assert.That(
            () => Link(Header + "global start, image_end\nstart: ret\nimage_end: ret"),
            Throws.TypeOf<BuildException>().With.Message.Contains("image_end"));
    }

    [Test]
    public void Of_equal_copies_one_is_kept_and_all_references_go_to_it()
    {
        const string Copy = "section .text$copy code align=16 comdat=2:copy\nglobal copy\ncopy: ret\n";
        Image one = Link(Header + "extern copy\nglobal start\nstart: call copy\nret", Copy);
        Image two = Link(Header + "extern copy\nglobal start\nstart: call copy\nret", Copy, Copy);

        Assert.That(two.Layout.Bytes.ToArray(), Is.EqualTo(one.Layout.Bytes.ToArray()));
    }

    [Test]
    public void The_bounds_lie_in_order_and_every_part_has_pages_of_its_own()
    {
        Image image = Link(
            Header + "global start\nstart: ret\nsection .rdata\ndd 1\nsection .data\ndd 2\nsection .bss\nresb 5000");

        string[] order =
        [
            "image_start", "text_start", "managed_start", "managed_end", "text_end", "rodata_start", "pdata_start",
            "pdata_end", "modules_start", "modules_end", "symbols_start", "symbols_end", "type_names_start",
            "type_names_end", "build_id", "rodata_end", "data_start", "data_end", "bss_start", "bss_end", "image_end",
        ];
        Assert.That(order.Select(name => image.Layout.Bounds[name]), Is.Ordered);
        Assert.That(image.Layout.Bounds["image_start"], Is.EqualTo(LinkAddress));
        foreach (string name in new[] { "rodata_start", "data_start", "bss_start", "image_end" })
        {
            Assert.That(image.Layout.Bounds[name] % Layout.PageSize, Is.Zero, name);
        }

        Assert.That(image.Layout.Bounds["bss_end"] - image.Layout.Bounds["bss_start"], Is.EqualTo(5000));
    }

    [Test]
    public void The_function_table_is_sorted_by_address()
    {
        const string Entry = "dd {0}, {0}, {0}\n";
        string table = string.Concat(new[] { "c", "a", "b" }.Select(name => string.Format(null, Entry, name)));
        Image image = Link(
            Header + "global start\nstart: ret\na: ret\nb: ret\nc: ret\nsection .pdata rdata align=4\n" + table);

        uint at = image.Layout.Bounds["pdata_start"];
        uint[] begins = [U32(image, at), U32(image, at + 12), U32(image, at + 24)];
        Assert.That(begins, Is.Ordered.And.Unique);
        Assert.That(image.Layout.Bounds["pdata_end"] - at, Is.EqualTo(36));
    }

    [Test]
    public void The_symbol_table_names_every_function_by_address()
    {
        Image image = Link(Header + "global start, zebra, apple\nstart: ret\nzebra: ret\n.inner: ret\napple: ret");

        Assert.That(SymbolsOf(image), Is.EqualTo(new[]
        {
            (image.Entry, "start"), (image.Entry + 1, "zebra"), (image.Entry + 3, "apple"),
        }));
    }

    [Test]
    public void The_build_id_is_in_the_image()
    {
        byte[] id = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray();
        Image image = Link(id, Header + "global start\nstart: ret");

        Assert.That(image.Layout.At(image.Layout.Bounds["build_id"])[..16].ToArray(), Is.EqualTo(id));
    }

    [Test]
    public void The_file_loads_low_and_begins_high()
    {
        byte[] file = ElfWriter.Write(Link(Header + "global start\nstart: ret"), withSymbols: false);

        const int EntryField = 24, FirstProgramHeader = 52, VirtualField = 8, PhysicalField = 12;
        Assert.That(file[..4], Is.EqualTo(new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F' }));
        Assert.That(BitConverter.ToUInt32(file, EntryField), Is.GreaterThanOrEqualTo(LinkAddress));
        Assert.That(BitConverter.ToUInt32(file, FirstProgramHeader + VirtualField), Is.EqualTo(LinkAddress));
        Assert.That(BitConverter.ToUInt32(file, FirstProgramHeader + PhysicalField), Is.EqualTo(0x0010_0000));
    }

    [Test]
    public void An_image_without_a_Multiboot_header_is_refused()
    {
        Image image = Link("section .text\nglobal start\nstart: ret");

        Assert.That(
            () => ElfWriter.Write(image, withSymbols: false),
            Throws.TypeOf<BuildException>().With.Message.Contains("Multiboot"));
    }

    [Test]
    public void An_object_that_ends_early_is_an_error_and_never_a_crash()
    {
        byte[] whole = Assemble(Header + "extern x\nglobal start\nstart: call x\nsection .data\ndd start")[0].Bytes;
        for (int length = 0; length < whole.Length; length++)
        {
            try
            {
                CoffObject.Parse("cut.obj", whole[..length]);
            }
            catch (BuildException)
            {
                // The only exception that a broken object may cause.
            }
        }
    }

    private static Image Link(params string[] sources) => Link(new byte[16], sources);

    private static Image Link(byte[] buildId, params string[] sources)
    {
        List<CoffObject> objects = Assemble(sources).Select(file => CoffObject.Parse(file.Name, file.Bytes)).ToList();
        return Linker.Link(Plan, objects, ManagedTypes.None, buildId);
    }

    private static List<(string Name, byte[] Bytes)> Assemble(params string[] sources)
    {
        using var scratch = new Scratch();
        var objects = new List<(string, byte[])>();
        foreach ((int i, string source) in sources.Index())
        {
            File.WriteAllText(scratch.File($"{i}.asm"), "bits 32\n" + source + "\n");
            (int exitCode, string output) = scratch.Run("nasm", "-f", "win32", $"{i}.asm", "-o", $"{i}.asm.obj");
            Assert.That(exitCode, Is.Zero, output);
            objects.Add(($"{i}.asm.obj", File.ReadAllBytes(scratch.File($"{i}.asm.obj"))));
        }

        return objects;
    }

    private static List<(uint Address, string Name)> SymbolsOf(Image image)
    {
        uint start = image.Layout.Bounds["symbols_start"];
        Assert.That(U32(image, start), Is.EqualTo(0x4D59_5348));
        var symbols = new List<(uint, string)>();
        for (uint i = 0; i < U32(image, start + 4); i++)
        {
            uint entry = start + 8 + (i * 8);
            ReadOnlySpan<byte> name = image.Layout.At(start + U32(image, entry + 4));
            symbols.Add((U32(image, entry), Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)])));
        }

        return symbols;
    }

    private static uint U32(Image image, uint address) =>
        BinaryPrimitives.ReadUInt32LittleEndian(image.Layout.At(address));
}
