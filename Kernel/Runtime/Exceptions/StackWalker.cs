namespace Internal.Runtime;

/// <summary>How a step from a frame to its caller ended.</summary>
public enum StackStep
{
    /// <summary>The context is now the caller's.</summary>
    Caller,

    /// <summary>This code was not compiled from C#: the walk ends. The context is unchanged.</summary>
    NotManaged,

    /// <summary>The frame makes no sense: the stack or the tables are damaged. The context is unchanged.</summary>
    Corrupt,
}

/// <summary>The addresses that a stack can have.</summary>
public readonly struct StackBounds(uint low, uint high)
{
    /// <summary>Does the stack have all of these bytes?</summary>
    public bool Contains(uint address, uint bytes) =>
        address >= low && address <= high && high - address >= bytes;
}

/// <summary>
/// Goes from frame to frame, from callee to caller, restoring the registers that calls preserve. Every step must lead
/// up the stack and stay inside it, so that a damaged frame ends the walk and cannot make it circle.
/// </summary>
public unsafe struct StackWalker
{
    /// <summary>Guard pages below each stack; an exception for a stack overflow travels on them.</summary>
    public const uint GuardBytes = 0x8000;

    private RegisterContext context;

    /// <summary>Starts at a context that is a call's: its EIP is a return address.</summary>
    public StackWalker(RegisterContext context, StackBounds bounds)
    {
        this.context = context;
        Bounds = bounds;
        AtFault = false;
    }

    /// <summary>The stack that is walked.</summary>
    public StackBounds Bounds { get; }

    /// <summary>The registers in the present frame.</summary>
    public readonly RegisterContext Context => context;

    /// <summary>The present frame's EIP.</summary>
    public readonly uint Instruction => context.Eip;

    /// <summary>EIP is an instruction that failed, not a return address.</summary>
    public bool AtFault { readonly get; set; }

    /// <summary>
    /// An address inside the instruction that the frame is at: a return address may already belong to other code.
    /// </summary>
    public readonly uint Position => AtFault ? context.Eip : context.Eip - 1;

    /// <summary>The bounds of the running thread's stack; none before there is a thread.</summary>
    public static StackBounds BoundsOfCurrentThread()
    {
        RuntimeThread* thread = RuntimeThread.Current;
        return thread == null
            ? new StackBounds(0, uint.MaxValue)
            : new StackBounds((uint)thread->StackLow - GuardBytes, (uint)thread->StackHigh);
    }

    /// <summary>Goes to the caller.</summary>
    public StackStep Step()
    {
        if (!ImageLayout.Current->IsManaged(Position))
            return StackStep.NotManaged;
        FunctionTable functions = ImageLayout.Current->Functions;
        FunctionEntry* body = functions.Find(Position);
        if (body == null)
            return StackStep.NotManaged;
        FunctionEntry* method = functions.MethodOf(body);
        if (method == null || !FrameHeader.TryDecode(method->FrameHeader, out FrameHeader header))
            return StackStep.Corrupt;

        RegisterContext caller = context;
        uint offset = context.Eip - method->Begin;
        bool stepped;
        if (body->Kind != BodyKind.Method)
            stepped = LeaveFramePointerFrame(in header, ref caller); // funclets live on their method's frame
        else if (offset < header.PrologSize)
            stepped = LeavePrologue(method, in header, ref caller);
        else if (header.UsesFramePointer)
            stepped = LeaveFramePointerFrame(in header, ref caller);
        else
            stepped = LeaveStackPointerFrame(in header, offset, ref caller);
        if (!stepped || caller.Esp <= context.Esp || !Bounds.Contains(caller.Esp, 0))
            return StackStep.Corrupt;
        context = caller;
        AtFault = false;
        return StackStep.Caller;
    }

    /// <summary>
    /// ESP of a method's body between statements, given its frame pointer: what a catch handler resumes on.
    /// </summary>
    /// <returns>0 if the frame makes no sense.</returns>
    internal static uint BodyStackPointer(FunctionEntry* method, uint framePointer)
    {
        if (!FrameHeader.TryDecode(method->FrameHeader, out FrameHeader header) || !header.UsesFramePointer)
            return 0;
        uint saved = header.SavedWithoutEbp;
        if (!header.AllocatesOnStack)
            return framePointer - (4 * (header.FrameWords + saved));
        // With stackalloc ESP depends on what ran: the method keeps it in a slot of its own.
        uint slot = saved + 1 + (header.IsSynchronized ? 1u : 0);
        return *(uint*)(framePointer - (4 * slot));
    }

    /// <summary>Saved registers lie below EBP: EDI, ESI, EBX; the caller's EBP and the return address above.</summary>
    private readonly bool LeaveFramePointerFrame(in FrameHeader header, ref RegisterContext caller)
    {
        uint frame = context.Ebp;
        uint saved = header.SavedWithoutEbp * 4;
        if ((frame & 3) != 0 || !Bounds.Contains(frame - saved, saved + 8))
            return false;
        var word = (uint*)frame;
        caller.Ebp = word[0];
        caller.Eip = word[1];
        caller.Esp = frame + 8 + (header.ArgumentWords * 4);
        if (header.SavesEdi)
            caller.Edi = *--word;
        if (header.SavesEsi)
            caller.Esi = *--word;
        if (header.SavesEbx)
            caller.Ebx = *--word;
        return true;
    }

    /// <summary>
    /// From ESP up: words pushed for a call under preparation, locals, EBX, ESI, EDI, EBP, return address. In a
    /// double-aligned frame EBP and the return address are found by EBP: an unknown gap lies before them.
    /// </summary>
    private readonly bool LeaveStackPointerFrame(in FrameHeader header, uint offset, ref RegisterContext caller)
    {
        if (!PendingPushes.TryCount(in header, offset, out uint pushed))
            return false;
        uint at = context.Esp + (4 * (pushed + header.FrameWords));
        if ((at & 3) != 0 || !Bounds.Contains(at, 20))
            return false;
        var word = (uint*)at;
        if (header.SavesEbx)
            caller.Ebx = *word++;
        if (header.SavesEsi)
            caller.Esi = *word++;
        if (header.SavesEdi)
            caller.Edi = *word++;
        if (header.DoubleAligned)
        {
            word = (uint*)context.Ebp;
            if ((context.Ebp & 3) != 0 || !Bounds.Contains(context.Ebp, 8))
                return false;
            caller.Ebp = *word++;
        }
        else if (header.SavesEbp)
        {
            caller.Ebp = *word++;
        }

        caller.Eip = *word++;
        caller.Esp = (uint)word + (header.ArgumentWords * 4);
        return true;
    }

    /// <summary>A fault before the frame was complete, or in the stack probe it calls: the stack ended there.</summary>
    private readonly bool LeavePrologue(FunctionEntry* method, in FrameHeader header, ref RegisterContext caller)
    {
        Prologue done = Prologue.Replay((byte*)method->Begin, (byte*)context.Eip);
        uint at = done.HasFramePointer ? context.Ebp + 4 : context.Esp + done.PushedBytes;
        if ((at & 3) != 0 || !Bounds.Contains(at - done.SavedBytes, done.SavedBytes + 4))
            return false;
        done.RestoreRegisters((uint*)at, ref caller);
        caller.Eip = *(uint*)at;
        caller.Esp = at + 4 + (header.ArgumentWords * 4);
        return true;
    }
}
