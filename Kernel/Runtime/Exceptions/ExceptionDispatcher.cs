using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>
/// Delivers a thrown exception, in two passes over the frames. The first looks for the handler and runs filters; the
/// frames are all still there. The second runs finally blocks up to the handler's frame, then the handler, and goes on
/// behind it. Handlers, filters and finally blocks are funclets, called by the dispatcher on the frame of their method;
/// so an exception inside one of them is found by the same walk: unwinding a funclet leads to its method's caller, past
/// all frames of the dispatcher.
/// </summary>
public static unsafe class ExceptionDispatcher
{
    /// <summary>
    /// Called with a sentence, the exception and where it was thrown when nobody catches it. Must not return.
    /// </summary>
    public static delegate*<string, Exception, RegisterContext*, void> Unhandled;

    /// <summary>Closes the guard pages of the running thread's stack.</summary>
    public static delegate*<void> RearmStackGuard;

    /// <summary>The newest dispatch under way on the running thread.</summary>
    private static DispatchRecord* Newest
    {
        get => (DispatchRecord*)RuntimeThread.Current->DispatchChain;
        set => RuntimeThread.Current->DispatchChain = value;
    }

    /// <summary>
    /// The sentence an exception was made with; null if it was given none. Neither allocates nor runs its code.
    /// </summary>
    public static string? StoredMessageOf(Exception exception) => exception.StoredMessage;

    /// <summary>Full name of an exception's type, NUL-terminated UTF-8; null if the image has none.</summary>
    public static byte* TypeNameOf(Exception exception) => TypeNames.Utf8NameOf(exception.TypePointer);

    /// <summary>Throws an exception as if the code of the context had.</summary>
    [DoesNotReturn]
    internal static void Throw(Exception exception, RegisterContext* context, bool atFault)
    {
        exception.RestartTrace();
        Dispatch(exception, context, atFault);
    }

    /// <summary>A stack overflow opened the running thread's guard pages.</summary>
    internal static void GuardPagesAreOpen() => RuntimeThread.Current->GuardIsOpen = true;

    /// <summary>The <c>throw</c> statement.</summary>
    [RuntimeExport("HaukiThrow")]
    private static void ThrowStatement(Exception? exception, RegisterContext* context) =>
        Throw(exception ?? new NullReferenceException(), context, false);

    /// <summary><c>throw;</c> without an operand: the exception whose handler is running goes on.</summary>
    [RuntimeExport("HaukiRethrow")]
    private static void RethrowStatement(RegisterContext* context)
    {
        DispatchRecord* running = Newest;
        if (running == null)
            FatalError.Fail("rethrow outside a handler");
        Dispatch(running->Exception, context, false);
    }

    [DoesNotReturn]
    private static void Dispatch(Exception exception, RegisterContext* origin, bool atFault)
    {
        if (RuntimeThread.Current == null)
            Unhandled("an exception before there was a thread", exception, origin);
        DispatchRecord record = default;
        record.Previous = Newest;
        record.Exception = exception;
        Newest = &record;

        StackBounds bounds = StackWalker.BoundsOfCurrentThread();
        var walker = new StackWalker(*origin, bounds) { AtFault = atFault };
        HandlerChoice choice = FindHandler(&record, ref walker, origin);
        walker = new StackWalker(*origin, bounds) { AtFault = atFault };
        RunCleanups(&record, ref walker, choice);
        if (choice.LeavesFilter)
            AnswerFilter(walker.Context.Ebp, choice.Body);
        RunHandler(&record, walker.Context, choice);
    }

    /// <summary>The first pass.</summary>
    private static HandlerChoice FindHandler(DispatchRecord* record, ref StackWalker walker, RegisterContext* origin)
    {
        FunctionTable functions = ImageLayout.Current->Functions;
        HandlerChoice choice = default;
        while (true)
        {
            FunctionEntry* body = functions.Find(walker.Position);
            FunctionEntry* method = body == null ? null : functions.MethodOf(body);
            if (method == null)
                Unhandled(WhyUnhandled(walker), record->Exception, origin);
            record->Exception.AppendTrace(walker.Position);
            choice.Body = body;
            choice.Method = method;
            if (method->Clauses != null && FindClause(record, in walker, ref choice))
                return choice;
            if (body->Kind == BodyKind.Filter)
            {
                // No exception leaves a filter: it counts as the answer "no".
                choice.LeavesFilter = true;
                return choice;
            }

            if (walker.Step() == StackStep.Corrupt)
                Unhandled("the stack is damaged; an exception cannot be delivered", record->Exception, origin);
            choice.Depth++;
        }
    }

    /// <summary>Looks for a clause of one frame that takes the exception.</summary>
    private static bool FindClause(DispatchRecord* record, in StackWalker walker, ref HandlerChoice choice)
    {
        FunctionEntry* method = choice.Method;
        var clauses = new ProtectingClauses(ImageLayout.Current->Functions, method, choice.Body, walker.Position);
        while (clauses.MoveNext(out EhClause clause))
        {
            bool taken = clause.Kind switch
            {
                EhClauseKind.Typed => TypeCast.IsInstanceOfException(clause.Type, record->Exception),
                EhClauseKind.Filter => Run(record, method->Begin + clause.Filter, walker.Context) != 0,
                _ => false,
            };
            if (!taken)
                continue;
            choice.ClauseIndex = clause.Index;
            choice.Handler = method->Begin + clause.Handler;
            choice.Body = clauses.Body;
            return true;
        }

        return false;
    }

    /// <summary>The second pass: runs what must run on the way. Leaves the walker at the handler's frame.</summary>
    private static void RunCleanups(DispatchRecord* record, ref StackWalker walker, in HandlerChoice choice)
    {
        FunctionTable functions = ImageLayout.Current->Functions;
        for (int depth = 0; ; depth++)
        {
            FunctionEntry* body = functions.Find(walker.Position);
            FunctionEntry* method = functions.MethodOf(body);
            bool last = depth == choice.Depth;
            if (method->Clauses != null)
            {
                var clauses = new ProtectingClauses(functions, method, body, walker.Position);
                while (clauses.MoveNext(out EhClause clause))
                {
                    if (last && !choice.LeavesFilter && clause.Index == choice.ClauseIndex)
                        break;
                    if (clause.Kind == EhClauseKind.Cleanup)
                        Run(record, method->Begin + clause.Handler, walker.Context);
                }
            }

            if (last)
                return;
            walker.Step();
        }
    }

    /// <summary>Runs the catch handler, and goes on where it says.</summary>
    [DoesNotReturn]
    private static void RunHandler(DispatchRecord* record, RegisterContext frame, in HandlerChoice choice)
    {
        uint stackPointer = EntryStackPointer(choice.Body, choice.Method, frame.Ebp);
        uint resume = Run(record, choice.Handler, frame);
        // Everything below the frame is gone now, other dispatches that were under way there included.
        while (Newest != null && (uint)Newest < stackPointer)
            Newest = Newest->Previous;
        if (RuntimeThread.Current->GuardIsOpen && stackPointer > (uint)RuntimeThread.Current->StackLow)
        {
            RuntimeThread.Current->GuardIsOpen = false;
            ResumeAndRearm(resume, stackPointer, &frame);
        }

        Resume(resume, stackPointer, &frame);
    }

    /// <summary>On the stack of the frame that goes on.</summary>
    [RuntimeExport("HaukiRearmStackGuard")]
    private static void Rearm() => RearmStackGuard();

    /// <summary>An exception left a filter: unwinds to the call of the filter, and answers "no" there.</summary>
    [DoesNotReturn]
    private static void AnswerFilter(uint framePointer, FunctionEntry* filter)
    {
        DispatchRecord* asking = FindRecord(filter, framePointer);
        if (asking == null)
            FatalError.Fail("a filter runs that nobody called");
        Newest = asking;
        ReturnFromFunclet(asking->Frame.Esp, 0);
    }

    /// <summary>Calls a funclet on a frame, and lets the record say so while it runs.</summary>
    private static uint Run(DispatchRecord* record, uint funclet, RegisterContext frame)
    {
        record->Frame = frame;
        record->Funclet = funclet;
        uint answer = CallFunclet(record->Exception, funclet, &record->Frame);
        record->Funclet = 0;
        return answer;
    }

    /// <summary>ESP between the statements of a method's body, or of a funclet of it that is running.</summary>
    private static uint EntryStackPointer(FunctionEntry* body, FunctionEntry* method, uint framePointer)
    {
        if (body->Kind == BodyKind.Method)
        {
            uint stackPointer = StackWalker.BodyStackPointer(method, framePointer);
            if (stackPointer == 0)
                FatalError.Fail("a method with handlers has no frame pointer");
            return stackPointer;
        }

        DispatchRecord* caller = FindRecord(body, framePointer);
        if (caller != null)
            return caller->Frame.Esp;
        // No dispatch called it: it is a finally block that its method called itself, so one return address lies below
        // what the code around it stands on.
        FunctionEntry* around = ProtectingClauses.BodyAround(ImageLayout.Current->Functions, method, body);
        if (around == null)
            FatalError.Fail("a funclet belongs to no exception clause");
        return EntryStackPointer(around, method, framePointer) - 4;
    }

    /// <summary>The dispatch that is running a funclet on a frame; null if none is.</summary>
    private static DispatchRecord* FindRecord(FunctionEntry* funclet, uint framePointer)
    {
        for (DispatchRecord* record = Newest; record != null; record = record->Previous)
        {
            if (record->Funclet == funclet->Begin && record->Frame.Ebp == framePointer)
                return record;
        }

        return null;
    }

    private static string WhyUnhandled(in StackWalker walker) =>
        walker.Instruction == ImageLayout.Current->TrapReturn
            ? "an exception escaped an interrupt handler"
            : "nobody catches an exception";

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiCallFunclet")]
    private static extern uint CallFunclet(Exception exception, uint funclet, RegisterContext* frame);

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiResume")]
    private static extern void Resume(uint address, uint stackPointer, RegisterContext* registers);

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiResumeAndRearm")]
    private static extern void ResumeAndRearm(uint address, uint stackPointer, RegisterContext* registers);

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiReturnFromFunclet")]
    private static extern void ReturnFromFunclet(uint stackPointer, uint answer);

    /// <summary>One dispatch under way. Lies on the thread's stack, and so keeps the exception alive.</summary>
    private struct DispatchRecord
    {
        public DispatchRecord* Previous;
        public Exception Exception;

        /// <summary>The funclet that is running for this dispatch; 0 between them.</summary>
        public uint Funclet;

        /// <summary>The frame it runs on; ESP is the one it was entered with.</summary>
        public RegisterContext Frame;
    }

    /// <summary>What the first pass found.</summary>
    private struct HandlerChoice
    {
        /// <summary>Frames between the throw and the handler.</summary>
        public int Depth;

        /// <summary>The method whose frame it is.</summary>
        public FunctionEntry* Method;

        /// <summary>The body with the try block; for <see cref="LeavesFilter"/> the filter.</summary>
        public FunctionEntry* Body;

        /// <summary>The exception ends in a filter instead of a handler.</summary>
        public bool LeavesFilter;
        public int ClauseIndex;
        public uint Handler;
    }
}
