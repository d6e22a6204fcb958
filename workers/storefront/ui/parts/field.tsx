type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly isEmail?: boolean;
  readonly autoComplete: string;
  readonly hint?: string;
};

export function Field({ name, label, isEmail = false, autoComplete, hint }: FieldProps) {
  const own = { id: name, name, autoComplete, required: true, maxLength: 200 };
  return (
    <label class={`field ${name}`} htmlFor={name}>
      <span>
        {label}
        {hint && <small> {hint}</small>}
      </span>
      {isEmail ? <input type="email" {...own} /> : <input type="text" {...own} />}
    </label>
  );
}
