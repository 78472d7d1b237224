using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Iced.Intel;
using Internal.Runtime;
using NUnit.Framework;

namespace HaukiOS.Tests.Runtime;

/// <summary>
/// Decodes the frame of every method in the built kernel and compares it with what the instructions themselves do. The
/// compiler's tables are documented nowhere; this is how we know that they are read right.
/// </summary>
[Platform("Linux")]
public sealed unsafe class KernelFramesTests
{
    private MappedImage image = null!;
    private FunctionTable functions;

    [OneTimeSetUp]
    public void Map_the_kernel()
    {
        image = MappedImage.Load(KernelPath());
        functions = new FunctionTable(image["pdata_start"], image["pdata_end"]);
    }

    [OneTimeTearDown]
    public void Unmap_the_kernel() => image?.Dispose();

    [Test]
    public void Every_header_decodes_and_tells_the_length_of_the_code()
    {
        var wrong = new List<string>();
        foreach (Method method in Methods())
        {
            if (!FrameHeader.TryDecode(method.Entry->FrameHeader, out FrameHeader header))
                wrong.Add($"{method.Start:x}: no header");
            else if (header.CodeSize != method.Length)
                wrong.Add($"{method.Start:x}: {header.CodeSize} bytes, the table says {method.Length}");
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_prologue_pushes_the_registers_that_the_header_names()
    {
        var wrong = new List<string>();
        foreach (Method method in Methods())
        {
            FrameHeader header = HeaderOf(method);
            var named = new List<Register>();
            if (header.SavesEbp || header.UsesFramePointer)
                named.Add(Register.EBP);
            if (header.SavesEdi)
                named.Add(Register.EDI);
            if (header.SavesEsi)
                named.Add(Register.ESI);
            if (header.SavesEbx)
                named.Add(Register.EBX);
            List<Register> pushed = Instructions(method).TakeWhile(one => one.IP < method.Start + header.PrologSize)
                .Where(one => one.Mnemonic == Mnemonic.Push && one.Op0Kind == OpKind.Register)
                .Select(one => one.Op0Register).Where(IsSaved).ToList();
            if (!pushed.SequenceEqual(named))
                wrong.Add($"{method.Start:x}: pushes {string.Join(',', pushed)}, named {string.Join(',', named)}");
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Replaying_a_whole_prologue_finds_the_frame_that_the_header_describes()
    {
        var wrong = new List<string>();
        foreach (Method method in Methods())
        {
            FrameHeader header = HeaderOf(method);
            if (header.DoubleAligned || header.PrologSize == 0)
                continue;
            Prologue done = Prologue.Replay((byte*)method.Start, (byte*)(method.Start + header.PrologSize));
            uint saved = header.SavedWithoutEbp + (header.SavesEbp || header.UsesFramePointer ? 1u : 0);
            uint expected = 4 * (saved + header.FrameWords);
            if (done.HasFramePointer != header.UsesFramePointer || done.SavedBytes != saved * 4)
                wrong.Add($"{method.Start:x}: saves {done.SavedBytes} bytes");
            // Methods with stackalloc push more than the frame to make it.
            else if (!header.AllocatesOnStack && done.PushedBytes != expected)
                wrong.Add($"{method.Start:x}: pushes {done.PushedBytes} bytes, expected {expected}");
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Pending_pushes_agree_with_the_instructions_around_every_call()
    {
        var wrong = new List<string>();
        int places = 0;
        int withPushes = 0;
        foreach (Method method in Methods())
        {
            FrameHeader header = HeaderOf(method);
            if (header.UsesFramePointer || header.DoubleAligned)
                continue;
            foreach ((uint offset, int words) in PushesBeforeCalls(method, header))
            {
                places++;
                withPushes += words > 0 ? 1 : 0;
                if (!PendingPushes.TryCount(in header, offset, out uint counted) || counted != words)
                    wrong.Add($"{method.Start:x}+{offset:x}: {counted} words, the code pushed {words}");
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(places, Is.GreaterThan(100));
        Assert.That(withPushes, Is.GreaterThan(3));
    }

    [Test]
    public void Every_clause_lies_in_its_method_and_has_a_funclet_of_its_own()
    {
        var wrong = new List<string>();
        int clauses = 0;
        foreach (Method method in Methods())
        {
            if (method.Entry->Clauses == null)
                continue;
            var reader = new EhClauseReader(method.Entry->Clauses);
            while (reader.TryRead(out EhClause clause))
            {
                clauses++;
                if (clause.IsSeparator)
                    continue;
                FunctionEntry* handler = functions.Find(method.Start + clause.Handler);
                bool inside = clause.TryStart < clause.TryEnd && clause.TryEnd <= method.Length;
                bool starts = handler != null && handler->Begin == method.Start + clause.Handler
                    && handler->Kind == BodyKind.Handler && functions.MethodOf(handler) == method.Entry;
                if (!inside || !starts)
                    wrong.Add($"{method.Start:x} clause {clause.Index}");
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(clauses, Is.GreaterThan(20));
    }

    [Test]
    public void A_header_of_random_bytes_is_refused_or_decoded_but_never_runs_away()
    {
        var random = new Random(20261122);
        byte* bytes = stackalloc byte[4096];
        for (int round = 0; round < 20000; round++)
        {
            random.NextBytes(new Span<byte>(bytes, 4096));
            if (FrameHeader.TryDecode(bytes, out FrameHeader header))
                Assert.That((nint)header.ArgumentTable, Is.GreaterThan((nint)bytes), "seed 20261122");
        }
    }

    private static string KernelPath()
    {
        for (DirectoryInfo? at = new(TestContext.CurrentContext.TestDirectory); at != null; at = at.Parent)
        {
            string path = Path.Combine(at.FullName, "Iso", "bin", "hauki.elf");
            if (File.Exists(path))
                return path;
        }

        throw new FileNotFoundException("the kernel has not been built: Iso/bin/hauki.elf");
    }

    private static bool IsSaved(Register register) =>
        register is Register.EBX or Register.ESI or Register.EDI or Register.EBP;

    private static FrameHeader HeaderOf(Method method)
    {
        FrameHeader.TryDecode(method.Entry->FrameHeader, out FrameHeader header);
        return header;
    }

    private static List<Instruction> Instructions(Method method)
    {
        var code = new Span<byte>((void*)method.Start, (int)method.Length).ToArray();
        var decoder = Decoder.Create(32, code, method.Start);
        var list = new List<Instruction>();
        while (decoder.IP < method.Start + method.Length)
            list.Add(decoder.Decode());
        return list;
    }

    /// <summary>
    /// Follows the pushes of a method from the end of its prologue, through calls of methods (which take their
    /// arguments off), up to the first branch: where a branch comes from is not in the instructions.
    /// </summary>
    private IEnumerable<(uint Offset, int Words)> PushesBeforeCalls(Method method, FrameHeader header)
    {
        int words = 0;
        foreach (Instruction instruction in Instructions(method))
        {
            if (instruction.IP < method.Start + header.PrologSize)
                continue;
            bool call = instruction.Mnemonic == Mnemonic.Call;
            if (call)
                yield return ((uint)(instruction.IP - method.Start), words);
            if (instruction.FlowControl != FlowControl.Next
                && (!call || !TryArgumentsOf(instruction, ref words)))
                yield break;
            if (instruction.Mnemonic == Mnemonic.Push)
                words++;
            else if (instruction.Mnemonic == Mnemonic.Pop)
                words--;
            if (call)
                yield return ((uint)(instruction.NextIP - method.Start), words);
        }
    }

    private bool TryArgumentsOf(Instruction call, ref int words)
    {
        if (call.Op0Kind != OpKind.NearBranch32)
            return false;
        FunctionEntry* target = functions.Find(call.NearBranch32);
        if (target == null || target->Kind != BodyKind.Method || target->Begin != call.NearBranch32)
            return false;
        if (!FrameHeader.TryDecode(target->FrameHeader, out FrameHeader header))
            return false;
        words -= (int)header.ArgumentWords;
        return true;
    }

    private List<Method> Methods()
    {
        var methods = new List<Method>();
        int count = (int)(image["pdata_end"] - image["pdata_start"]) / sizeof(FunctionEntry);
        var entries = (FunctionEntry*)image["pdata_start"];
        for (int i = 0; i < count; i++)
        {
            if (entries[i].Kind != BodyKind.Method)
                continue;
            int last = i;
            while (last + 1 < count && entries[last + 1].Kind != BodyKind.Method)
                last++;
            methods.Add(new Method(entries + i, entries + last));
        }

        return methods;
    }

    private sealed class Method(FunctionEntry* entry, FunctionEntry* lastBody)
    {
        public FunctionEntry* Entry => entry;

        public uint Start => entry->Begin;

        /// <summary>Bytes of the method's code, its funclets included.</summary>
        public uint Length { get; } = lastBody->End - entry->Begin;

        /// <summary>Bytes of the method's own body.</summary>
        public uint BodyLength => entry->Length;
    }
}
