; Every interrupt and exception enters here and leaves for one managed function, DispatchTrap(TrapFrame*).
;
; Handlers are ordinary C#: they may use XMM registers for copies, so the whole FPU/SSE state is saved around them. All
; code runs in ring 0 on flat segments: no segment register changes, and the processor pushes no stack pointer.
; Exception 8 is a task of its own with its own stack, for it mostly means that there is no stack left.
bits 32

extern DispatchTrap, HandleDoubleFault, RaiseStackOverflow
global trap_return, HaukiTrapStubs, HaukiDescriptorTables, HaukiLoadDescriptorTables, HaukiDoubleFaultStackTop
global HaukiDoubleFaultEntry, HaukiStackOverflowEntry, HaukiResumeEntry, HaukiRaiseDrillInterrupt
global HaukiTrapCodeStart, HaukiTrapCodeEnd, HaukiTrapDepth

TRAP_COUNT equ 48                   ; exceptions 0..31, interrupt lines 0..15 at 32..47
FIRST_LINE equ 32
PUSHES_ERROR_CODE equ 0x60227D00    ; exceptions 8, 10..14, 17, 21, 29, 30 (Intel SDM volume 3, table 6-1)
FPU_STATE_SIZE equ 512
HANDLER_ROOM equ 3072               ; frame, FPU state, and the handler until it knows of its stack's end
DOUBLE_FAULT_STACK equ 0x4000

CODE_SELECTOR equ 0x08
DATA_SELECTOR equ 0x10
MAIN_TASK_SELECTOR equ 0x18

section .text

trap_code_start:
%assign vector 0
%rep TRAP_COUNT
align 4
trap_ %+ vector:
%if vector >= FIRST_LINE || ((PUSHES_ERROR_CODE >> vector) & 1) == 0
    push dword 0
%endif
    push dword vector
    jmp trap_common
%assign vector vector + 1
%endrep

; The stack is now a TrapFrame but for the general registers and CR2.
trap_common:
    ; If the stack ends here, then now and not in the middle of the handler, which could have asked already whether it
    ; has ended. ESP goes along, so that the failure is a double fault and not one more trap: PUSHAD could fail where
    ; there is still room for a page fault's frame.
    sub esp, HANDLER_ROOM
    test [esp], eax
    add esp, HANDLER_ROOM
    pushad
    inc dword [trap_depth]          ; a double fault from here on has hit a handler (DoubleFault.cs)
    mov eax, cr2                    ; at once: a fault inside the handler would overwrite it
    push eax
    cld
    mov ebp, esp                    ; the frame; a trace finds it by EBP when it reaches trap_return
    sub esp, FPU_STATE_SIZE
    and esp, -16
    fxsave [esp]
    fninit                          ; the handler must find the x87 stack empty, whatever was interrupted
    mov ecx, ebp
    call DispatchTrap
trap_return:
    dec dword [trap_depth]
    fxrstor [esp]
    lea esp, [ebp + 4]
    popad
    add esp, 8
    iret
trap_code_end:

; The double fault task: entered by a task switch on its own stack, with the error code (always 0) pushed.
HaukiDoubleFaultEntry:
    add esp, 4
    clts                            ; a task switch forbids the FPU
    cld
    call HandleDoubleFault          ; decides what the interrupted task goes on with, or panics
    iret                            ; back by a task switch
    jmp HaukiDoubleFaultEntry       ; the next double fault resumes this task here

; Where the main task goes on after a stack overflow: on the opened guard pages, interrupts off.
HaukiStackOverflowEntry:
    clts
    fninit
    call RaiseStackOverflow
    int3

; Where a handler goes on that ran into the guard pages, now open. The address to go on at lies on the stack.
HaukiResumeEntry:
    clts
    ret

; ECX = GDT pseudo-descriptor, EDX = IDT pseudo-descriptor.
HaukiLoadDescriptorTables:
    lgdt [ecx]
    lidt [edx]
    jmp CODE_SELECTOR:.reload
.reload:
    mov eax, DATA_SELECTOR
    mov ds, ax
    mov es, ax
    mov fs, ax
    mov gs, ax
    mov ss, ax
    mov eax, MAIN_TASK_SELECTOR
    ltr ax
    ret

; The last interrupt line, by software (FaultDrill.cs).
HaukiRaiseDrillInterrupt:
    int TRAP_COUNT - 1
    ret

HaukiTrapCodeStart:
    mov eax, trap_code_start
    ret

HaukiTrapCodeEnd:
    mov eax, trap_code_end
    ret

HaukiTrapDepth:
    mov eax, trap_depth
    ret

HaukiTrapStubs:
    mov eax, trap_stubs
    ret

HaukiDescriptorTables:
    mov eax, descriptor_tables
    ret

HaukiDoubleFaultStackTop:
    mov eax, double_fault_stack_top
    ret

section .rdata
align 4
trap_stubs:
%assign vector 0
%rep TRAP_COUNT
    dd trap_ %+ vector
%assign vector vector + 1
%endrep

section .bss
alignb 4096                         ; DescriptorTables.cs lays out this page, and leaves it when there are frames
descriptor_tables: resb 4096
trap_depth: resd 1                  ; traps being handled by the running thread
alignb 16
double_fault_stack: resb DOUBLE_FAULT_STACK
double_fault_stack_top:
