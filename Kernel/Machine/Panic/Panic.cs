using System;
using System.Diagnostics.CodeAnalysis;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// The end: says in one sentence what cannot be, where, and how the kernel came there; then stops the machine. Works
/// with a broken heap, with interrupts off, and on any stack that still has a few KiB. A panic inside a panic stops at
/// once.
/// </summary>
public static unsafe class Panic
{
    /// <summary>Exit code for the emulator, see <see cref="EmulatorExit"/>.</summary>
    public const uint ExitCode = 0x20;

    private const int FramesMax = 40;
    private const int NameMax = 200;
    private const int MessageMax = 400;

    private static bool inProgress;

    /// <summary>Stops the machine with a sentence that a person can search for.</summary>
    [DoesNotReturn]
    public static void At(string sentence)
    {
        RegisterContext context;
        RegisterContext.Capture(&context);
        Begin(sentence);
        Finish(&context);
    }

    /// <summary>Stops the machine with a sentence and the number it is about.</summary>
    [DoesNotReturn]
    public static void At(string sentence, uint value)
    {
        RegisterContext context;
        RegisterContext.Capture(&context);
        Begin(sentence, value);
        Finish(&context);
    }

    /// <summary>Stops the machine because of an interrupt or exception: shows the interrupted code.</summary>
    [DoesNotReturn]
    public static void At(string sentence, TrapFrame* frame)
    {
        Begin(sentence);
        WriteRegister("eax ", frame->Eax);
        WriteRegister(" ecx ", frame->Ecx);
        WriteRegister(" edx ", frame->Edx);
        WriteRegister(" vector ", frame->Vector);
        WriteRegister(" error ", frame->ErrorCode);
        WriteRegister(" cr2 ", frame->FaultAddress);
        PanicOutput.WriteLine();
        RegisterContext context = Faults.ContextOf(frame);
        Finish(&context, true);
    }

    /// <summary>Stops the machine because of an exception that nobody caught.</summary>
    [DoesNotReturn]
    internal static void At(string sentence, Exception exception, RegisterContext* thrownFrom)
    {
        Begin(sentence);
        WriteException(exception);
        Finish(thrownFrom);
    }

    /// <summary>Stops the machine because of a fault whose registers were saved elsewhere.</summary>
    [DoesNotReturn]
    internal static void At(string sentence, RegisterContext* context)
    {
        Begin(sentence);
        Finish(context, true);
    }

    private static void Begin(string sentence)
    {
        Announce();
        PanicOutput.Write(sentence);
        PanicOutput.WriteLine();
    }

    private static void Begin(string sentence, uint value)
    {
        Announce();
        PanicOutput.Write(sentence);
        PanicOutput.Write(": ");
        PanicOutput.WriteHex(value);
        PanicOutput.WriteLine();
    }

    private static void Announce()
    {
        Cpu.DisableInterrupts();
        if (inProgress)
        {
            PanicOutput.Write("\nPANIC inside the panic");
            PanicOutput.WriteLine();
            Stop();
        }

        inProgress = true;
        PanicOutput.InitializeSerial();
        PanicOutput.TakeScreen();
        // The serial line may be in the middle of a line of the console.
        PanicOutput.Write("\nPANIC: ");
    }

    [DoesNotReturn]
    private static void Finish(RegisterContext* context, bool atFault = false)
    {
        WriteRegister("eip ", context->Eip);
        WriteRegister(" esp ", context->Esp);
        WriteRegister(" ebp ", context->Ebp);
        WriteRegister(" ebx ", context->Ebx);
        WriteRegister(" esi ", context->Esi);
        WriteRegister(" edi ", context->Edi);
        PanicOutput.WriteLine();
        WriteTrace(*context, atFault);
        PanicOutput.Write("build ");
        byte* id = ImageLayout.Current->BuildId;
        for (int i = 0; i < 16; i++)
            PanicOutput.WriteHexByte(id[i]);
        PanicOutput.WriteLine();
        Stop();
    }

    private static void WriteRegister(string name, uint value)
    {
        PanicOutput.Write(name);
        PanicOutput.WriteHex(value);
    }

    private static void WriteException(Exception exception)
    {
        byte* type = ExceptionDispatcher.TypeNameOf(exception);
        if (type != null)
            PanicOutput.Write(type, NameMax);
        else
            PanicOutput.Write("exception");
        // Message may be overridden and may allocate; what was stored is enough, and safe.
        string? message = ExceptionDispatcher.StoredMessageOf(exception);
        if (message != null)
        {
            PanicOutput.Write(": ");
            PanicOutput.Write(message.Length <= MessageMax ? message : "(a long message)");
        }

        PanicOutput.WriteLine();
    }

    /// <summary>Prints the frames. A recursion is one line and a count: what began it shall be seen.</summary>
    private static void WriteTrace(RegisterContext context, bool atFault)
    {
        var walker = new StackWalker(context, StackWalker.BoundsOfCurrentThread()) { AtFault = atFault };
        uint last = 0;
        uint repeated = 0;
        StackStep step = StackStep.Caller;
        for (int lines = 0; lines < FramesMax && step == StackStep.Caller;)
        {
            if (walker.Instruction == last)
            {
                repeated++;
            }
            else
            {
                WriteRepeated(ref repeated);
                WriteFrame(walker.Instruction, walker.AtFault);
                last = walker.Instruction;
                lines++;
            }

            step = walker.Step();
            if (step == StackStep.NotManaged)
                step = TrapWalker.Cross(ref walker);
        }

        WriteRepeated(ref repeated);
        if (step == StackStep.Caller)
            PanicOutput.Write("   (and more)\n");
        else if (step == StackStep.Corrupt)
            PanicOutput.Write("   (the stack above is not intact)\n");
    }

    private static void WriteRepeated(ref uint count)
    {
        if (count == 0)
            return;
        PanicOutput.Write("   (the same ");
        PanicOutput.WriteDecimal(count);
        PanicOutput.Write(" times more)\n");
        count = 0;
    }

    private static void WriteFrame(uint instruction, bool exact)
    {
        PanicOutput.Write("   at ");
        // A return address may already belong to the next function; the call before it surely does not.
        byte* name = SymbolTable.Find(exact ? instruction : instruction - 1, out uint offset, out int length);
        if (name != null)
        {
            PanicOutput.Write(name, length < NameMax ? length : NameMax);
            PanicOutput.Write(" +");
            PanicOutput.WriteDecimal(offset);
            PanicOutput.Write(" ");
        }

        PanicOutput.Write("[");
        PanicOutput.WriteHex(instruction);
        PanicOutput.Write("]\n");
    }

    [DoesNotReturn]
    private static void Stop()
    {
        PanicOutput.Flush();
        EmulatorExit.With(ExitCode);
        while (true)
        {
            Cpu.DisableInterrupts();
            Cpu.Halt();
        }
    }
}
