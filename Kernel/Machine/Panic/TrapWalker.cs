using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// Lets a trace go on where only assembler code lies between: from a trap handler to the code it interrupted, and from
/// a fault inside an assembler helper, or a call of something that is no code, to the caller.
/// </summary>
internal static unsafe class TrapWalker
{
    /// <summary>Steps across assembler code if that is where the walker stopped, and if it is known how.</summary>
    public static StackStep Cross(ref StackWalker walker)
    {
        StackBounds bounds = walker.Bounds;
        if (walker.Instruction == ImageLayout.Current->TrapReturn)
        {
            var frame = (TrapFrame*)walker.Context.Ebp;
            if (!bounds.Contains((uint)frame, TrapFrame.Size))
                return StackStep.Corrupt;
            walker = new StackWalker(Faults.ContextOf(frame), bounds) { AtFault = true };
            return StackStep.Caller;
        }

        if (!walker.AtFault)
            return StackStep.NotManaged;
        RegisterContext context = walker.Context;
        if (!bounds.Contains(context.Esp, 8))
            return StackStep.Corrupt;
        Faults.LeaveAssembler(ref context);
        walker = new StackWalker(context, bounds);
        return StackStep.Caller;
    }
}
